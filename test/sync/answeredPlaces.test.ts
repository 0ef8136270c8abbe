import { createChatClient, type ChatClient, type ChatStorage, type Transport } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { storeEnsured } from '../../src/sync/ensure.js'
import { mergeRemembered } from '../../src/sync/mergeRemembered.js'
import { exportLines } from '../../src/sync/exporting.js'
import { importLines } from '../../src/sync/importing.js'
import { contextOf } from './contextOf.js'
import { at, MINUTE, RANGES, START, text } from './oneReader.js'
import { scriptedTransport } from './scriptedTransport.js'

const running: ChatClient[] = []
afterEach(() => Promise.all(running.splice(0).map((client) => client.dispose())))

const isMine = (order: number) => (order === 10 ? { from: 'me', localId: 'mine' } : {})
const members = ['me', 'ada'].map((userId) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] }))

async function start(storage: ChatStorage, wire: Transport): Promise<ChatClient> {
  const client = createChatClient({ userId: 'me', transport: wire, storage, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  await client.start()
  await vi.waitFor(() => expect(client.getState().caughtUp).toBe(true))
  return client
}

function line(head: number, history: readonly number[]) {
  return Object.assign(scriptedTransport({ dense: false, inOrder: true, catchUp: 'none', receiptsCatchUp: 'none', conversations: true, history: true }), {
    conversations: async () => ({ items: [{ id: 'c', kind: 'group' as const, head: at(head), members, rosterComplete: true }] }),
    history: vi.fn(async () => ({ messages: history.map((order) => text(order, order === 10 ? { from: 'me', localId: 'mine', id: 'm10' } : {})) as never, contiguousTo: null })),
  })
}

it('[RS13] what the answer to sending overtook is asked for, also by the page that comes after', async () => {
  const storage = memoryStorage()
  const wire = line(7, [7])
  const client = await start(storage, wire)
  wire.answer = async ({ localId }) => ({ localId, id: 'm10', at: at(10), time: 10 })
  await client.send('c', { body: { kind: 'text', text: 'ten' } })
  await vi.waitFor(async () => expect((await client.getMessage('c', 'm10'))?.at).toEqual(at(10)))
  // 8 and 9 were on their way when the page was closed.
  await client.dispose()
  const again = await start(storage, line(10, [7, 8, 9]))
  expect((await again.getMessage('c', 'm9'))?.at).toEqual(at(9))
  expect(again.getState().conversations[0]?.unread).toEqual({ count: 3, exact: true })
  // What was asked for is here: not again.
  await again.dispose()
  const third = line(10, [7, 8, 9])
  await start(storage, third)
  expect(third.history).not.toHaveBeenCalled()
})

/** A device whose rows are written by the test: Ada's, and mine at 10. */
async function rowsOf(storage: ChatStorage, orders: readonly number[], meta: Readonly<Record<string, unknown>> = {}) {
  await storage.open('me')
  const ctx = { ...contextOf('me', storage), transport: line(10, [7, 8, 9, 10]) }
  await storeEnsured(ctx, { id: 'c', kind: 'group', members: ['me', 'ada'] })
  await storage.write(async (tx) => {
    await tx.messages.put(orders.map((order) => {
      const { id, ...row } = text(order, isMine(order))
      return { ...row, ids: [id] }
    }))
    for (const [key, value] of Object.entries(meta)) await tx.meta.put(key, value)
  })
  return ctx
}

it('[I28] [RS13] what an answer overtook in a time in memory is asked for when the database is back, also where joining the two broke off', async () => {
  const [database, memory] = [memoryStorage(), memoryStorage()]
  const there = await rowsOf(database, [7])
  await rowsOf(memory, [10], { 'answered c': at(10) })
  const { write } = database
  let writes = 0
  const broken: ChatStorage = { ...database, name: database.name, write: (fn, options) => ((writes += 1) > 3 ? Promise.reject(new Error('gone')) : write(fn, options)) }
  await expect(mergeRemembered({ ...there, storage: broken }, memory)).rejects.toThrow('gone')
  expect(await database.read((tx) => tx.messages.byId('c', 'm10'))).toBeDefined()
  await mergeRemembered(there, memory)
  const client = await start(database, line(10, [7, 8, 9, 10]))
  expect((await client.getMessage('c', 'm9'))?.at).toEqual(at(9))
})

async function carried(from: Awaited<ReturnType<typeof rowsOf>>, to: Awaited<ReturnType<typeof rowsOf>>): Promise<void> {
  const lines: string[] = []
  for await (const each of exportLines(from, 'c')) lines.push(each)
  await importLines(to, lines, () => {})
}

it('[RS18] [RS13] a file says that what an answer overtook may be missing', async () => {
  const [here, there] = [await rowsOf(memoryStorage(), [7, 10], { 'answered c': at(10) }), await rowsOf(memoryStorage(), [])]
  await carried(here, there)
  expect(await there.storage.read((tx) => tx.gaps.list('c'))).toEqual([{ conversationId: 'c', after: at(7), before: at(10) }])
})

it('[RS18] [RS6] of a message of mine in a file the time may be that of the device that wrote it: what is late is not read by it', async () => {
  const [here, there] = [await rowsOf(memoryStorage(), [1, 3, 10], { 'untimed c': at(10) }), await rowsOf(memoryStorage(), [])]
  await here.storage.write(async (tx) => tx.messages.put([{ ...(await tx.messages.byId('c', 'm10'))!, time: START + 60 * MINUTE }]))
  await carried(here, there)
  // It brings nothing of it: what it brings has a time of the server.
  const wire = Object.assign(line(10, []), { capabilities: { ...there.transport.capabilities, inOrder: false, read: RANGES, delivered: RANGES } })
  const client = await start(there.storage, wire)
  await client.markRead((await there.storage.read((tx) => tx.messages.page({ conversationId: 'c', limit: 9 }))).filter(({ from }) => from !== 'me'))
  const reads = () => wire.reports.filter(({ kind, visibility }) => kind === 'read' && visibility === 'published').flatMap(({ ranges }) => ranges)
  await vi.waitFor(() => expect(reads()).toContainEqual({ from: at(3), to: at(3) }))
  expect(reads().filter(({ from, to }) => from.order <= 2 && 2 <= to.order)).toEqual([])
})

/** A wire that tells by itself, and whose answers to sending overtake what others wrote before. */
async function overtaken() {
  const storage = memoryStorage()
  const wire = line(0, [])
  wire.conversations = async () => ({ items: [{ id: 'c', kind: 'group' as const, members, rosterComplete: true }] }) as never
  const client = await start(storage, wire)
  const hear = (order: number) => wire.emit({ type: 'message', message: text(order) })
  const send = async (order: number) => {
    wire.answer = async ({ localId }) => ({ localId, id: `m${order}`, at: at(order), time: order })
    await client.send('c', { body: { kind: 'text', text: `${order}` } })
    await vi.waitFor(async () => expect((await client.getMessage('c', `m${order}`))?.at).toEqual(at(order)))
  }
  const again = async (orders: readonly number[]) => {
    await client.dispose()
    const next = await start(storage, line(orders.at(-1)!, orders))
    return Promise.all(orders.map(async (order) => (await next.getMessage('c', `m${order}`))?.at?.order))
  }
  return { wire, client, storage, hear, send, again }
}

it('[RS13] a message of mine that changes has told nothing of what others wrote before another one', async () => {
  const { wire, client, send, again } = await overtaken()
  await send(1)
  await send(5)
  wire.emit({ type: 'recalled', conversationId: 'c', id: 'm1', by: 'me', time: 6 })
  await vi.waitFor(async () => expect((await client.getMessage('c', 'm1'))?.recalledAt).toBe(6))
  expect(await again([3, 5])).toEqual([3, 5])
})

it('[RS13] what comes by itself between two answers says nothing of what the second overtook', async () => {
  const { client, send, hear, again } = await overtaken()
  await send(1)
  await send(5)
  hear(2)
  await vi.waitFor(async () => expect((await client.getMessage('c', 'm2'))?.at).toEqual(at(2)))
  expect(await again([2, 3, 5])).toEqual([2, 3, 5])
})

it('[RS13] nor does a page that was asked for before it was answered', async () => {
  const storage = memoryStorage()
  const wire = line(2, [])
  let tell = (_page: unknown) => {}
  wire.history = vi.fn(() => new Promise((resolve) => (tell = resolve))) as never
  const client = createChatClient({ userId: 'me', transport: wire, storage, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  await client.start()
  await vi.waitFor(() => expect(wire.history).toHaveBeenCalled())
  wire.answer = async ({ localId }) => ({ localId, id: 'm5', at: at(5), time: 5 })
  await client.send('c', { body: { kind: 'text', text: '5' } })
  await vi.waitFor(async () => expect((await client.getMessage('c', 'm5'))?.at).toEqual(at(5)))
  tell({ messages: [text(1), text(2)], contiguousTo: null })
  await vi.waitFor(() => expect(client.getState().caughtUp).toBe(true))
  await client.dispose()
  const next = await start(storage, line(5, [3, 5]))
  expect((await next.getMessage('c', 'm3'))?.at).toEqual(at(3))
})

it('[RS18] [RS13] a file says so of each of several', async () => {
  const [here, there] = [await rowsOf(memoryStorage(), [7, 10], { 'answered c': at(10) }), await rowsOf(memoryStorage(), [])]
  await here.storage.write(async (tx) => tx.messages.put([{ ...(await tx.messages.byId('c', 'm10'))!, localId: 'another', ids: ['m14'], at: at(14) }]))
  await carried(here, there)
  expect(await there.storage.read((tx) => tx.gaps.list('c'))).toEqual([{ conversationId: 'c', after: at(7), before: at(10) }, { conversationId: 'c', after: at(10), before: at(14) }])
})
