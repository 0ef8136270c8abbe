/** Reading of what is not in the database: not yet, or not any more. */
import { forceCloseDatabase, IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient, type Keepsakes } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { faultyFactory } from '../storage/faultyFactory.js'

const running: ChatClient[] = []
afterEach(async () => {
  await Promise.allSettled(running.splice(0).map((client) => client.dispose()))
})
function keepsakes(): Keepsakes {
  const map = new Map<string, string>()
  return { get: (key) => map.get(key) ?? null, set: (key, value) => void map.set(key, value), remove: (key) => void map.delete(key) }
}
const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const

it('[I34] what is read while a database that the browser threw away is not filled again is noted, or the list hears that it was not', async () => {
  const factory = faultyFactory()
  const hub = memoryHub()
  await hub.seed({ conversation: PAIR, messages: [{ from: 'bo', body: { kind: 'text', text: '1' }, time: 1 }] })
  const client = createChatClient({ userId: 'ada', transport: hub.transport(), storage: dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, openTimeoutMs: 3_000, writeTimeoutMs: 5_000 }), policy: { flushMs: 5, maxFlushMs: 10 }, ports: { locks: null, openChannel: () => null, keepsakes: keepsakes() } })
  running.push(client)
  const source = client.messages('pair')
  source.subscribe(() => {})
  await client.start()
  await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(1))
  const [shown] = source.getSnapshot().messages
  const unread = () => client.getState().conversations.find(({ id }) => id === 'pair')?.unread?.count
  await vi.waitFor(() => expect(unread()).toBe(1))
  // Its dwell completes while the row is still on screen, and the database below it is gone.
  const outcome = new Promise<string>((resolve) => {
    client.on('error', ({ code }) => code === 'storage/evicted' && void client.markRead([shown!]).then(() => resolve('taken'), () => resolve('refused')))
  })
  forceCloseDatabase(factory.handles.at(-1) as never)
  await new Promise<void>((resolve) => (factory.plain.deleteDatabase('readback/ada').onsuccess = () => resolve()))
  const what = await outcome
  await vi.waitFor(() => expect(client.getState().conversations).toEqual([]), { timeout: 8_000, interval: 1 })
  // Everything is fetched again.
  await vi.waitFor(() => expect([source.getSnapshot().messages.length, unread()]).toEqual([1, expect.any(Number)]), 15_000)
  await new Promise((resolve) => setTimeout(resolve, 500))
  // `taken` and still unread: `rowWatch` notes it as told, and the open list never tells it again.
  expect([what, unread()]).not.toEqual(['taken', 1])
}, 30_000)

it('what is read of a conversation that is not here is refused by name, with what is read beside it', async () => {
  const hub = memoryHub()
  await hub.seed({ conversation: PAIR, messages: [{ from: 'bo', body: { kind: 'text', text: '1' }, time: 1 }] })
  const client = createChatClient({ userId: 'ada', transport: hub.transport(), storage: memoryStorage(), ports: { locks: null, openChannel: () => null, keepsakes: keepsakes() } })
  running.push(client)
  const source = client.messages('pair')
  source.subscribe(() => {})
  await client.start()
  await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(1))
  const [here] = source.getSnapshot().messages
  await expect(client.markRead([here!, { ...here!, conversationId: 'elsewhere' }])).rejects.toMatchObject({ code: 'client/unknownConversation' })
  expect(client.readStates('pair').isRead(here!)).toBe(false)
  await client.markRead([here!])
  expect(client.readStates('pair').isRead(here!)).toBe(true)
})
