/** What waits to be sent and has lost its content on the way. */
import { createChatClient, type ChatClient } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { scriptedTransport } from './scriptedTransport.js'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
let client: ChatClient
afterEach(() => client.dispose())

async function start() {
  const storage = memoryStorage()
  const wire = scriptedTransport()
  const line = wire.connect
  wire.connect = async () => {}
  client = createChatClient({ userId: 'ada', transport: wire, storage, attachments: { upload: async () => ({ url: 'https://files.example/1' }) }, ports: { locks: null, openChannel: () => null } })
  const errors: string[] = []
  client.on('error', ({ code }) => errors.push(code))
  await client.ensureConversation(PAIR)
  await client.start()
  const source = client.messages(PAIR.id)
  source.subscribe(() => {})
  const connect = () => line({} as never)
  const sent = () => wire.sent.map(({ body }) => body.kind)
  return { storage, errors, connect, sent, rows: () => source.getSnapshot().messages }
}

const behind = () => client.send(PAIR.id, { body: { kind: 'text', text: 'behind' } })

it('[I27] [I33] a message whose file is gone fails, and is not sent without it; what is behind it goes out', async () => {
  const { storage, connect, sent, rows } = await start()
  const localId = await client.send(PAIR.id, { body: { kind: 'file', file: { name: 'notes.txt' } }, upload: new Blob(['x']) })
  await behind()
  await storage.write((tx) => tx.blobs.delete(localId))
  await connect()
  await vi.waitFor(() => expect(sent()).toEqual(['text']))
  await vi.waitFor(() => expect(rows().find((row) => row.localId === localId)).toMatchObject({ outgoing: 'failed', failure: { code: 'transport/uploadFailed' } }))
})

it('[I27] [I33] a message whose row is gone is told; what is behind it goes out', async () => {
  const { storage, connect, sent, errors } = await start()
  const localId = await client.send(PAIR.id, { body: { kind: 'voice', file: { url: 'https://files.example/2' } } })
  await behind()
  await storage.write((tx) => tx.messages.delete([{ conversationId: PAIR.id, from: 'ada', localId }]))
  await connect()
  await vi.waitFor(() => expect([sent(), errors]).toEqual([['text'], ['outbox/torn']]))
})

it('a message that was taken back is no loss', async () => {
  const { connect, sent, errors } = await start()
  await client.discard(PAIR.id, await client.send(PAIR.id, { body: { kind: 'voice', file: { url: 'https://files.example/2' } } }))
  await behind()
  await connect()
  await vi.waitFor(() => expect(sent()).toEqual(['text']))
  expect(errors).toEqual([])
})
