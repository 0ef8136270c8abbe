/** What a wire tells of what this device did, before it answers. */
import { createChatClient, TransportError } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it, onTestFinished, vi } from 'vitest'
import { scriptedTransport } from './scriptedTransport.js'
import { at, incoming } from './storedWorld.js'

async function start(wire = scriptedTransport()) {
  const storage = memoryStorage()
  const client = createChatClient({ userId: 'me', transport: wire, storage, ports: { locks: null, openChannel: () => null } })
  onTestFinished(() => client.dispose())
  await client.ensureConversation({ id: 'c', kind: 'direct', members: ['me', 'bo'] })
  await client.start()
  client.messages('c').subscribe(() => {})
  return { client, wire, storage, rows: () => client.messages('c').getSnapshot().messages }
}

it('[I20] a message whose own event bears no local id, and comes before the answer, is shown once', async () => {
  const { client, wire, storage, rows } = await start()
  let answer = () => {}
  wire.answer = ({ localId }) => new Promise((resolve) => (answer = () => resolve({ localId, id: 'm5', at: at(5), time: 5 })))
  const localId = await client.send('c', { body: { kind: 'text', text: 'hello' }, receiptRequested: false })
  await vi.waitFor(() => expect(wire.sent).toHaveLength(1))
  const { localId: _theirs, ...event } = incoming(5)
  wire.emit({ type: 'message', message: { ...event, from: 'me', reactions: [{ emoji: '+', by: 'bo' }] } })
  await vi.waitFor(() => expect(rows()).toHaveLength(2))
  answer()
  await vi.waitFor(() => expect(rows().map((row) => [row.localId, row.ids, row.at, row.time, row.outgoing, row.reactions])).toEqual([[localId, ['m5'], at(5), 5, undefined, [{ emoji: '+', by: 'bo' }]]]))
  expect((await storage.read((tx) => tx.messages.page({ conversationId: 'c', limit: 9 }))).map((row) => row.localId)).toEqual([localId])
  expect(client.getState().conversations[0]).toMatchObject({ lastActivityAt: 5, lastMessage: { localId } })
})

it('a reaction of mine that waits stays on screen when the wire tells all that it has', async () => {
  const wire = scriptedTransport()
  let takes = () => {}
  const taken = new Promise<void>((resolve) => (takes = resolve))
  const { client, rows } = await start(Object.assign(wire, { react: () => taken }))
  wire.emit({ type: 'message', message: incoming(7) })
  await vi.waitFor(() => expect(rows()).toHaveLength(1))
  await client.react('c', 'm7', '+', true)
  const theirs = { emoji: '-', by: 'bo' }
  wire.emit({ type: 'message', message: { ...incoming(7), reactions: [theirs] } })
  await vi.waitFor(() => expect(rows()[0]!.reactions).toContainEqual(theirs))
  expect(rows()[0]!.reactions).toEqual([theirs, { emoji: '+', by: 'me' }])
  takes()
  wire.emit({ type: 'reacted', conversationId: 'c', id: 'm7', reaction: { emoji: '+', by: 'me' }, on: true })
  await vi.waitFor(async () => expect((await client.diagnostics()).outbox).toEqual([]))
  expect(rows()[0]!.reactions).toEqual([theirs, { emoji: '+', by: 'me' }])
})

it('a reaction of mine that was refused is taken back, whatever the wire told meanwhile', async () => {
  const wire = scriptedTransport()
  let refuse = () => {}
  const refused = new Promise<void>((_, reject) => (refuse = () => reject(new TransportError('transport/refused', 'No.', { stored: 'no', retry: 'no' }))))
  const { client, rows } = await start(Object.assign(wire, { react: () => refused }))
  wire.emit({ type: 'message', message: incoming(7) })
  await vi.waitFor(() => expect(rows()).toHaveLength(1))
  await client.react('c', 'm7', '+', true)
  const theirs = { emoji: '-', by: 'bo' }
  wire.emit({ type: 'message', message: { ...incoming(7), reactions: [theirs] } })
  await vi.waitFor(() => expect(rows()[0]!.reactions).toHaveLength(2))
  refuse()
  await vi.waitFor(() => expect(rows()[0]!.reactions).toEqual([theirs]))
})
