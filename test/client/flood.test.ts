/** A thousand messages a second, for ten seconds, and for three into a database: they come faster here, so that nobody waits for the clock. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { coversPoint, createChatClient, messageKey, type ChatClient, type ChatStorage, type Message, type TransportEvent } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { scriptedTransport } from '../sync/scriptedTransport.js'

/** That come at once. */
const TOGETHER = 100
/** One in so many is mine, from another device of mine. */
const MINE_EVERY = 40
/** Left unread in the end: few enough to be counted, and not next to each other. */
const LEFT = [17, 1_001, 1_003, 2_998]
const PATIENCE = { timeout: 60_000, interval: 20 }

const running: ChatClient[] = []
afterEach(() => Promise.all(running.splice(0).map((client) => client.dispose())))

const at = (order: number) => ({ epoch: 0, order, id: `m${order}` })
const isMine = (order: number) => order % MINE_EVERY === 0

async function allRows(storage: ChatStorage): Promise<readonly Message[]> {
  const rows: Message[] = []
  for (let after = at(0); ; ) {
    const page = await storage.read((tx) => tx.messages.page({ conversationId: 'c', after, limit: 1_000 }))
    rows.push(...page)
    if (page.length < 1_000) return rows
    after = page.at(-1)!.at!
  }
}

const message = (order: number): TransportEvent => ({ type: 'message', message: { conversationId: 'c', id: `m${order}`, at: at(order), from: isMine(order) ? 'me' : 'bo', localId: `l${order}`, time: order, body: { kind: 'text', text: `${order}` } } })

it.each<[string, number, () => ChatStorage]>([
  ['in memory', 10_000, () => memoryStorage()],
  ['in a database', 3_000, () => dexieStorage({ indexedDB: new IDBFactory(), IDBKeyRange })],
])('[F56] [I3] a flood that is read from while it comes is all there, in order, and what is unread is what nobody read: %s', async (_, total, makeStorage) => {
  const wire = scriptedTransport()
  const storage = makeStorage()
  const errors: unknown[] = []
  const client = createChatClient({ userId: 'me', transport: wire, storage, policy: { flushMs: 10, maxFlushMs: 20 }, ports: { locks: null, openChannel: () => null } })
  client.on('error', (error) => errors.push(error))
  running.push(client)
  await client.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'bo'] })
  await client.start()
  const source = client.messages('c')
  source.subscribe(() => {})
  const unread = () => client.getState().conversations[0]?.unread
  const read = new Set<string>()
  const readSome = async (rows: readonly Message[]) => {
    for (const row of rows) read.add(messageKey(row))
    await client.markRead(rows)
  }
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))

  for (let order = 1; order <= total; order += TOGETHER) {
    for (let n = order; n < order + TOGETHER; n++) wire.emit(message(n))
    await new Promise((resolve) => setTimeout(resolve, 1))
    await readSome(source.getSnapshot().messages.filter(({ at: place, from }) => place && from === 'bo' && place.order % 7 === 0 && !LEFT.includes(place.order)).slice(-3))
  }
  await vi.waitFor(() => expect(client.getState().conversations[0]?.head?.order).toBe(total), PATIENCE)
  const rows = await allRows(storage)
  expect(rows.map(({ at: place }) => place!.order)).toEqual(Array.from({ length: total }, (__, n) => n + 1))
  await vi.waitFor(() => expect(source.getSnapshot().messages.at(-1)?.at?.order).toBe(total), PATIENCE)
  expect(read.size).toBeGreaterThan(0)
  expect(unread()).toEqual({ count: 99, exact: false })

  for (let from = 0; from < total; from += 1_000) await readSome(rows.slice(from, from + 1_000).filter(({ from: by, at: place }) => by === 'bo' && !LEFT.includes(place!.order)))
  await vi.waitFor(() => expect(unread()).toEqual({ count: LEFT.length, exact: true }), PATIENCE)
  await vi.waitFor(async () => expect((await client.diagnostics()).outbox).toEqual([]), PATIENCE)
  const told = wire.reports.filter(({ kind }) => kind === 'read').at(-1)!
  expect(rows.filter(({ from, at: place }) => from === 'bo' && !coversPoint(told, place!)).map(({ at: place }) => place!.order)).toEqual(LEFT)
  expect(errors).toEqual([])
}, 120_000)
