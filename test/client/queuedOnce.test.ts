/** What was queued is never told as having failed, and what failed was not queued: whoever wrote it writes it again. */
import { ChatError, createChatClient, type ChatClient, type ChatStorage } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { scriptedTransport } from '../sync/scriptedTransport.js'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const running: ChatClient[] = []
afterEach(async () => {
  await Promise.allSettled(running.splice(0).map((client) => client.dispose()))
})

/** A disk that has room for the next write, and for none after it. */
async function start() {
  const inner = memoryStorage()
  let left = Infinity
  const storage: ChatStorage = {
    ...inner,
    write: (fn, options) => (left-- > 0 ? inner.write(fn, options) : Promise.reject(new ChatError('storage/full', 'No room.', { retryable: true }))),
  }
  const wire = { ...scriptedTransport(), react: async () => {} }
  const client = createChatClient({ userId: 'ada', transport: wire, storage, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  await client.ensureConversation(PAIR)
  await client.start()
  const source = client.messages(PAIR.id)
  source.subscribe(() => {})
  wire.emit({ type: 'message', message: { conversationId: PAIR.id, id: 'm1', at: { epoch: 0, order: 1, id: 'm1' }, from: 'bo', localId: 'l1', time: 1, body: { kind: 'text', text: 'hello' } } })
  await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(1))
  wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  await new Promise((resolve) => setTimeout(resolve, 50))
  const isRead = async () => (await inner.read((tx) => tx.readStates.getOwn(PAIR.id)))?.synced.read.upTo?.order === 1
  return { client, isRead, queued: () => inner.read((tx) => tx.outbox.list({ lane: 'intent' })), fillAfter: (writes: number) => void (left = writes) }
}

it.each([
  ['an answer', (client: ChatClient) => client.send(PAIR.id, { body: { kind: 'text', text: 'hi' }, replyTo: 'm1' })],
  ['a reaction', (client: ChatClient) => client.react(PAIR.id, 'm1', '+', true)],
])('[I19] [I20] %s is there together with the reading of what it is to, or neither is', async (_, act) => {
  const { client, queued, isRead, fillAfter } = await start()
  fillAfter(0)
  await expect(act(client)).rejects.toMatchObject({ code: 'storage/full' })
  expect([(await queued()).length, await isRead()]).toEqual([0, false])
  fillAfter(1)
  await act(client)
  expect([(await queued()).length, await isRead()]).toEqual([1, true])
})
