/** A stored count that does not say what the rows say: a row was torn, or the count was. */
import { IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient, type Conversation, type Message, type StorageTx, type UnreadCount } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { NO_OWN_STATE } from '../../src/receipts/index.js'
import { newConversation } from '../../src/sync/conversationRows.js'
import { hydrate } from '../../src/sync/hydrate.js'
import { mendUnread } from '../../src/sync/mendUnread.js'
import { isCountTrue } from '../../src/sync/unread.js'
import { createWindowLoader } from '../../src/sync/windowLoader.js'
import { faultyFactory, openPlain, type FaultyFactory } from '../storage/faultyFactory.js'
import { contextOf } from './contextOf.js'
import { fakeChannels } from './fakeChannels.js'
import { at, text } from './oneReader.js'
import { scriptedTransport, type ScriptedTransport } from './scriptedTransport.js'
import { storedWorld } from './storedWorld.js'

const running: ChatClient[] = []
afterEach(async () => {
  await Promise.allSettled(running.splice(0).map((client) => client.dispose()))
})

interface Tab {
  readonly client: ChatClient
  readonly wire: ScriptedTransport
  /** What is shown of the conversation once it is opened. */
  open(): Promise<readonly Message[]>
}

type OpenChannel = NonNullable<Parameters<typeof createChatClient>[0]['ports']>['openChannel']

async function startTab(factory: FaultyFactory, openChannel: OpenChannel = () => null): Promise<Tab> {
  const wire = scriptedTransport()
  const client = createChatClient({ userId: 'me', transport: wire, storage: dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange }), ports: { locks: null, openChannel, keepsakes: null } })
  running.push(client)
  await client.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'ada'] })
  await client.start()
  return {
    client, wire,
    async open() {
      const source = client.messages('c')
      source.subscribe(() => {})
      await vi.waitFor(() => expect(source.getSnapshot().status).toBe('ready'))
      return source.getSnapshot().messages
    },
  }
}

const says = ({ client }: Tab, unread: UnreadCount | null) => vi.waitFor(() => expect(client.getState().conversations.find(({ id }) => id === 'c')?.unread).toEqual(unread))

async function restart(factory: FaultyFactory, { client }: Tab): Promise<Tab> {
  await client.stop()
  return startTab(factory)
}

type Row = Record<string, unknown>

/** Three messages that nobody read, whose rows are damaged while nothing runs. */
async function damaged(table: 'messages' | 'conversations', damage: (row: Row) => Row, before: (tab: Tab) => Promise<unknown> = async () => {}): Promise<FaultyFactory> {
  const factory = faultyFactory()
  const tab = await startTab(factory)
  await vi.waitFor(() => expect(tab.client.getState().connection.status).toBe('online'))
  for (const order of [1, 2, 3]) tab.wire.emit({ type: 'message', message: text(order) })
  await says(tab, { count: 3, exact: true })
  await before(tab)
  await tab.client.stop()
  const database = await openPlain(factory, 'readback/me')
  const rows = database.transaction([table], 'readwrite').objectStore(table)
  await new Promise<void>((resolve) => {
    rows.getAll().onsuccess = (event) => {
      for (const row of (event.target as IDBRequest<Row[]>).result) rows.put(damage(row))
      rows.transaction.oncomplete = () => resolve()
    }
  })
  database.close()
  return factory
}

const readAll = async (tab: Tab) => tab.client.markRead(await tab.open())

const tearSecond = (row: Row) => (row['localId'] === 'l2' ? { ...row, body: 'torn' } : row)

it('[I3] [RS13] of three unread messages of which one is torn two are unread once that is seen, and none when they are read, also after a reload', async () => {
  const factory = await damaged('messages', tearSecond)
  let tab = await startTab(factory)
  expect((await tab.open()).map((row) => row.localId)).toEqual(['l1', 'l3'])
  await says(tab, { count: 2, exact: true })
  tab = await restart(factory, tab)
  await says(tab, { count: 2, exact: true })
  await readAll(tab)
  await says(tab, { count: 0, exact: true })
  tab = await restart(factory, tab)
  await says(tab, { count: 0, exact: true })
  await tab.open()
  await says(tab, { count: 0, exact: true })
})

it('[I3] [RS13] a torn message that the wire tells again counts once', async () => {
  const factory = await damaged('messages', tearSecond)
  const tab = await startTab(factory)
  await tab.open()
  await says(tab, { count: 2, exact: true })
  await vi.waitFor(() => expect(tab.client.getState().connection.status).toBe('online'))
  tab.wire.emit({ type: 'message', message: text(2) })
  await says(tab, { count: 3, exact: true })
})

it.each([
  ['more than the rows', { count: 7, exact: true }],
  ['less than the rows', { count: 0, exact: true }],
  ['that there may be more than the rows', { count: 3, exact: false }],
])('[I3] [RS13] a stored count that says %s is counted again when the conversation is opened, and stays right after a reload', async (_, unread) => {
  const factory = await damaged('conversations', (row) => ({ ...row, unread }))
  let tab = await startTab(factory)
  await says(tab, unread)
  await tab.open()
  await says(tab, { count: 3, exact: true })
  tab = await restart(factory, tab)
  await says(tab, { count: 3, exact: true })
  await readAll(tab)
  await says(tab, { count: 0, exact: true })
  tab = await restart(factory, tab)
  await says(tab, { count: 0, exact: true })
})

it('[I3] [RS13] an exact count is none where history is missing', async () => {
  const factory = await damaged('conversations', (row) => ({ ...row, unread: { count: 3, exact: true } }), async (tab) => {
    tab.wire.emit({ type: 'gap', conversationId: 'c', after: at(3), before: null })
    await says(tab, { count: 3, exact: false })
  })
  const tab = await startTab(factory)
  await tab.open()
  await says(tab, { count: 3, exact: false })
})

it.each([
  ['gone', undefined],
  ['empty', null],
  ['a text', 'torn'],
  ['half a message', { count: 2.5, exact: true }],
  ['neither exact nor not', { count: 3 }],
])('[I3] [RS13] a stored count that is %s is counted as soon as the list is shown, and moves on with what comes, also after a reload', async (_, unread) => {
  const factory = await damaged('conversations', (row) => ({ ...row, unread }))
  let tab = await startTab(factory)
  await says(tab, { count: 3, exact: true })
  await vi.waitFor(() => expect(tab.client.getState().connection.status).toBe('online'))
  tab.wire.emit({ type: 'message', message: text(4) })
  await says(tab, { count: 4, exact: true })
  tab = await restart(factory, tab)
  await says(tab, { count: 4, exact: true })
  await readAll(tab)
  await says(tab, { count: 0, exact: true })
  tab = await restart(factory, tab)
  await says(tab, { count: 0, exact: true })
})

it('[I3] the other tabs hear of a count that was wrong', async () => {
  const factory = await damaged('conversations', (row) => ({ ...row, unread: { count: 7, exact: true } }))
  const channels = fakeChannels()
  const tabs = [await startTab(factory, channels.open), await startTab(factory, channels.open)] as const
  for (const tab of tabs) await says(tab, { count: 7, exact: true })
  await tabs[1].open()
  for (const tab of tabs) await says(tab, { count: 3, exact: true })
})

it('[I3] a count that is right is compared, and nothing is written', async () => {
  const { factory, ctx, storage } = await storedWorld()
  const modes: string[] = []
  factory.onTransaction = ({ mode }) => void modes.push(mode)
  const commit = vi.fn()
  await createWindowLoader(ctx, () => null, commit).open('c', 'firstUnread')
  await vi.waitFor(() => expect(modes).toHaveLength(2))
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(modes).toEqual(['readonly', 'readonly'])
  expect(commit).not.toHaveBeenCalled()
  expect(await mendUnread(ctx, 'c')).toBeNull()
  await storage.close()
})

it('a list that goes elsewhere in an open conversation compares nothing', async () => {
  const { factory, ctx, storage } = await storedWorld()
  const windows = createWindowLoader(ctx, () => null, () => {})
  await windows.open('c', 'firstUnread')
  await mendUnread(ctx, 'c')
  const modes: string[] = []
  factory.onTransaction = ({ mode }) => void modes.push(mode)
  await windows.open('c', 'newest')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(modes).toEqual(['readonly'])
  await storage.close()
})

/** A list of a thousand conversations, and how it is read. */
async function hydrated(unreadOf: (n: number) => UnreadCount | null) {
  const storage = memoryStorage()
  await storage.open('me')
  await storage.write((tx) => tx.conversations.put(Array.from({ length: 1_000 }, (_, n): Conversation => ({ ...newConversation(`c${n}`, 'group'), unread: unreadOf(n) }))))
  const looked: string[] = []
  let writes = 0
  const watched = (tx: StorageTx): StorageTx => ({ ...tx, messages: { ...tx.messages, page: (query) => {
    looked.push(query.conversationId)
    return tx.messages.page(query)
  } } })
  const ctx = contextOf('me', { ...storage, get name() {
    return storage.name
  }, read: (fn) => storage.read((tx) => fn(watched(tx))), write: (fn, options) => {
    writes += 1
    return storage.write((tx) => fn(watched(tx)), options)
  } })
  await hydrate(ctx)
  return { looked: new Set(looked), writes, unread: (id: string) => ctx.store.getState().conversations.get(id)?.unread }
}

it('[I3] the list is read without a look at a single row', async () => {
  const { looked, writes } = await hydrated((n) => ({ count: n % 90, exact: true }))
  expect([looked.size, writes]).toEqual([0, 0])
})

it('[I3] of a thousand counts of which one cannot be read that one is counted', async () => {
  const { looked, writes, unread } = await hydrated((n) => (n === 500 ? null : { count: 5, exact: true }))
  expect([[...looked], writes]).toEqual([['c500'], 1])
  expect([unread('c500'), unread('c501')]).toEqual([{ count: 0, exact: true }, { count: 5, exact: true }])
})

it('[I3] a list is shown where a count that cannot be read can be written no more', async () => {
  const storage = memoryStorage()
  await storage.open('me')
  await storage.write((tx) => tx.conversations.put([{ ...newConversation('c', 'group'), unread: null }]))
  const ctx = contextOf('me', { ...storage, get name() {
    return storage.name
  }, write: () => Promise.reject(new Error('the disk is full')) })
  await hydrate(ctx)
  expect([...ctx.store.getState().conversations.values()].map(({ unread }) => unread)).toEqual([null])
})

it('[I3] a count of which too many rows would have to be looked at is right as long as they are not more', async () => {
  const storage = memoryStorage()
  await storage.open('me')
  const rows = Array.from({ length: 5_300 }, (_, n): Message => ({ conversationId: 'c', from: n < 100 || n >= 5_298 ? 'ada' : 'me', localId: `l${n}`, ids: [`m${n}`], at: at(n), time: n, body: { kind: 'text', text: 'x' } }))
  await storage.write((tx) => tx.messages.put(rows))
  const ctx = contextOf('me', storage)
  const isTrue = (unread: UnreadCount) => storage.read((tx) => isCountTrue(tx, ctx, { ...newConversation('c', 'group'), unread }, NO_OWN_STATE))
  expect(await isTrue({ count: 7, exact: true })).toBe(true)
  expect(await isTrue({ count: 1, exact: true })).toBe(false)
})
