/** Rows of history that are torn in the database, and met for the first time where something is told: nothing is claimed over what they were. */
import { IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient, type Point } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { afterEach, expect, it, vi } from 'vitest'
import { storeEnsured } from '../../src/sync/ensure.js'
import { faultyFactory, openPlain, putRaw } from '../storage/faultyFactory.js'
import { contextOf } from './contextOf.js'
import { at, POINT, readStored, SPARSE, start, text } from './oneReader.js'
import { scriptedTransport } from './scriptedTransport.js'

const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

const IN_ORDER = { ...SPARSE, inOrder: true }
type Gap = { readonly conversationId: 'c'; readonly after: Point | null; readonly before: Point | null }

/** A device that comes back to these messages, of which some rows were torn meanwhile, and has not looked at any of them. */
async function comingBack({ orders, gaps = [], tear, capabilities = IN_ORDER }: { orders: readonly number[]; gaps?: readonly Gap[]; tear(database: IDBDatabase): Promise<void>; capabilities?: object }) {
  const factory = faultyFactory()
  const open = () => dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange })
  const wire = scriptedTransport(capabilities)
  const before = open()
  await before.open('me')
  await storeEnsured({ ...contextOf('me', before), transport: wire }, { id: 'c', kind: 'group', members: ['me', 'ada'] })
  await before.write(async (tx) => {
    await tx.messages.put(orders.map((order) => storedText(order)))
    await tx.conversations.put([{ ...(await tx.conversations.get('c'))!, head: at(orders.at(-1)!), unread: { count: orders.length, exact: true } }])
    await tx.gaps.replace('c', gaps)
  })
  await before.close()
  const database = await openPlain(factory, 'readback/me')
  await tear(database)
  database.close()
  const storage = open()
  const client = createChatClient({ userId: 'me', transport: wire, storage, policy: { flushMs: 1, maxFlushMs: 2 }, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  await client.start()
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  return {
    client, storage,
    async read(...read: readonly number[]) {
      await client.markRead(await Promise.all(read.map(async (order) => (await client.getMessage('c', `m${order}`))!)))
      await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
    },
    isTold: (order: number) => wire.reports.some(({ kind, visibility, upTo, ranges }) => kind === 'read' && visibility === 'published' && ((upTo?.order ?? 0) >= order || ranges.some(({ from, to }) => from.order <= order && order <= to.order))),
  }
}

function storedText(order: number, changes: object = {}) {
  const { id, ...row } = text(order)
  return { ...row, ids: [id], ...changes }
}

const withoutBody = (...orders: readonly number[]) => (database: IDBDatabase) => putRaw(database, 'messages', orders.map((order) => storedText(order, { body: 7 })))

it('[RS18] a message that is torn is in no stretch, though it is only met while its neighbours are read', async () => {
  const { read, isTold } = await comingBack({ orders: [7, 8, 9], tear: withoutBody(8) })
  await read(7, 9)
  expect([7, 8, 9].map(isTold)).toEqual([true, false, true])
})

it('[RS17] nor does a position pass it, though it is only met while that is looked for', async () => {
  const { read, isTold } = await comingBack({ orders: [7, 8, 9], tear: withoutBody(8), capabilities: { ...IN_ORDER, read: POINT, delivered: POINT } })
  await read(7, 9)
  expect([7, 8, 9].map(isTold)).toEqual([true, false, false])
})

it('[RS18] a file says where a message stood that was met as torn while it was written', async () => {
  const { client } = await comingBack({ orders: [7, 8, 9], tear: withoutBody(8) })
  let file = ''
  for await (const line of client.exportConversation('c')) file += line
  const other = await start(IN_ORDER)
  await other.client.importConversation(file)
  await readStored(other, 7, 9)
  expect([7, 8, 9].map((order) => other.isTold(order))).toEqual([true, false, true])
})

it.each([
  ['from where', { after: 7, before: at(20) }, { after: null, before: at(20) }],
  ['up to where', { after: at(7), before: { order: 20 } }, { after: at(7), before: at(20) }],
  ['both', undefined, { after: null, before: at(20) }],
  ['that it begins behind all that is here', { after: 'torn', before: null }, { after: at(20), before: null }],
  ['that it begins behind its end', { after: at(9), before: at(7) }, { after: null, before: at(20) }],
  ['that it begins behind its end, and behind all that is here', { after: at(20), before: at(7) }, { after: null, before: null }],
  ['that it is open', { after: at(20), before: 7 }, { after: at(20), before: null }],
])('[RS47] [RS18] missing history of which is torn %s it reaches is missing as far as it may', async (_title, ends, gap) => {
  const { storage, read, isTold } = await comingBack({
    orders: [7, 20], gaps: [{ conversationId: 'c', after: at(7), before: at(20) }],
    tear: (database) => putRaw(database, 'gaps', [{ conversationId: 'c', n: 0, value: ends && { conversationId: 'c', ...ends } }]),
  })
  const gaps = () => storage.read((tx) => tx.gaps.list('c'))
  expect(await gaps()).toEqual([{ conversationId: 'c', ...gap }])
  await read(7, 20)
  expect(isTold(10)).toBe(gap.after?.order === 20)
  // As it lies there once its row was put aside.
  await vi.waitFor(async () => expect((await storage.read((tx) => tx.quarantine.list())).map(({ table }) => table)).toEqual(['gaps']))
  await storage.write(async () => {})
  expect(await gaps()).toEqual([{ conversationId: 'c', ...gap }])
})
