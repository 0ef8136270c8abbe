/** Signing out when something is in the way: nothing of the account stays on screen, in another tab, or for the next account. */
import { forceCloseDatabase, IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient, type ChatStorage, type Keepsakes, type TabChannel } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { createFakeClock } from 'readback/testing'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { fakeLocks } from '../sync/fakeLocks.js'
import { faultyFactory, openPlain, putRaw } from '../storage/faultyFactory.js'
import { startInMemory } from './startInMemory.js'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const say = (text: string) => ({ body: { kind: 'text', text } as const })
const running: ChatClient[] = []
afterEach(async () => {
  await Promise.allSettled(running.splice(0).map((client) => client.dispose()))
})

function keepsakes(): Keepsakes & { readonly size: number } {
  const map = new Map<string, string>()
  return { get: (key) => map.get(key) ?? null, set: (key, value) => void map.set(key, value), remove: (key) => void map.delete(key), get size() { return map.size } }
}

interface TabOptions {
  readonly storage: ChatStorage
  readonly kept?: Keepsakes
  readonly openChannel?: () => TabChannel | null
  readonly locks?: ReturnType<typeof fakeLocks>
  readonly hub?: ReturnType<typeof memoryHub>
}

/** Rows of the account's database, of every table but the small values by name. */
async function rowsOf(indexedDB: IDBFactory): Promise<readonly unknown[]> {
  if ((await indexedDB.databases()).length === 0) return []
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open('readback/ada')
    request.onsuccess = () => resolve(request.result)
  })
  const tables = [...database.objectStoreNames].filter((name) => name !== 'meta')
  const rows = await Promise.all(tables.map((name) => new Promise<unknown[]>((resolve) => {
    const request = database.transaction([name]).objectStore(name).getAll()
    request.onsuccess = () => resolve(request.result)
  })))
  database.close()
  return rows.flat()
}

async function messagesOf(indexedDB: IDBFactory): Promise<readonly unknown[]> {
  return (await rowsOf(indexedDB)).filter((row) => typeof row === 'object' && row !== null && 'body' in row)
}

async function open({ storage, kept = keepsakes(), openChannel = () => null, locks, hub = memoryHub() }: TabOptions) {
  const client = createChatClient({ userId: 'ada', transport: hub.transport(), storage, ports: { locks: locks?.tab() ?? null, openChannel, keepsakes: kept, visibility: { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} } } })
  running.push(client)
  const errors: string[] = []
  client.on('error', ({ code }) => errors.push(code))
  await client.ensureConversation(PAIR)
  await client.start()
  return { client, errors }
}

it('[I26] a wipe that another tab blocks is told, and the account is gone from the screen all the same; what is left is deleted when that tab is gone', async () => {
  const factory = faultyFactory()
  const kept = keepsakes()
  const storage = dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, writeTimeoutMs: 1_500 })
  const { client } = await open({ storage, kept })
  await client.send(PAIR.id, say('secret'))
  const frozen = await openPlain(factory, 'readback/ada')
  await expect(client.signOut({ data: 'wipe' })).rejects.toMatchObject({ code: 'storage/blocked', retryable: true })
  expect(client.getState()).toMatchObject({ phase: 'stopped', conversations: [], storage: { status: 'closed' } })
  await expect(client.send(PAIR.id, say('x'))).rejects.toMatchObject({ code: 'client/notStarted' })
  // Which rows are still to be deleted, for the next start; nothing else.
  expect([kept.size, kept.get('readback/ada/marker/wipe')]).toEqual([1, expect.any(String)])
  frozen.close()
  await vi.waitFor(async () => expect((await factory.plain.databases()).map(({ name }) => name)).toEqual([]))
  await client.start()
  expect(kept.get('readback/ada/marker/wipe')).toBeNull()
})

it('[I19] what is written in memory while rows are still to be deleted is there when they are', async () => {
  const [factory, clock, kept, hub] = [faultyFactory(), createFakeClock(), keepsakes(), memoryHub()]
  const first = await open({ storage: dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, writeTimeoutMs: 500 }), kept })
  await first.client.send(PAIR.id, say('secret'))
  // The page does not live to see its rows deleted.
  factory.indexedDB.deleteDatabase = () => ({}) as IDBOpenDBRequest
  await expect(first.client.signOut({ data: 'wipe' })).rejects.toMatchObject({ code: 'storage/blocked' })
  factory.indexedDB.deleteDatabase = (name) => factory.plain.deleteDatabase(name)

  const client = createChatClient({ userId: 'ada', transport: hub.transport(), storage: dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, clock }), ports: { locks: null, openChannel: () => null, keepsakes: kept } })
  running.push(client)
  await client.ensureConversation(PAIR)
  await startInMemory(client, factory, clock)
  const localId = await client.send(PAIR.id, say('written since'))
  factory.onOpen = null
  clock.advance(10_000)
  await vi.waitFor(() => expect(client.getState()).toMatchObject({ phase: 'running', storage: { status: 'ready' } }), 5_000)
  expect((await messagesOf(factory.plain)).map((row) => (row as { localId: string }).localId)).toEqual([localId])
  expect(kept.get('readback/ada/marker/wipe')).toBeNull()
})

it('[I26] a wipe behind an old tab that keeps the database from being opened ends the start, and deletes as soon as it can', async () => {
  const factory = faultyFactory()
  const old = await openPlain(factory, 'readback/ada', 1)
  const storage = dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, openTimeoutMs: 100, writeTimeoutMs: 1_500 })
  const { client } = await open({ storage })
  expect(client.getState().storage.status).toBe('blocked')
  await expect(client.signOut({ data: 'wipe' })).rejects.toMatchObject({ code: 'storage/blocked' })
  expect(client.getState()).toMatchObject({ phase: 'stopped', storage: { status: 'closed' } })
  old.close()
  await new Promise((resolve) => setTimeout(resolve, 300))
  // Signed out, it does not begin by itself when the way is free.
  expect(client.getState().phase).toBe('stopped')
  expect(await factory.plain.databases()).toEqual([])
})

it.each(['keep', 'wipe'] as const)('[I26] an app that signs out (%s) and takes its client down in the same breath has signed out, in all tabs', async (data) => {
  const [hub, indexedDB, locks, kept] = [memoryHub(), new IDBFactory(), fakeLocks(), keepsakes()]
  const tab = () => open({ hub, locks, kept, storage: dexieStorage({ indexedDB, IDBKeyRange }) })
  const [one, two] = [await tab(), await tab()]
  await one.client.send(PAIR.id, say('secret'))
  const signedOut = one.client.signOut({ data })
  await one.client.dispose()
  await signedOut
  expect(one.client.getState()).toMatchObject({ phase: 'stopped', conversations: [], storage: { status: 'closed' } })
  await vi.waitFor(() => expect(two.client.getState()).toMatchObject({ phase: 'stopped', conversations: [], storage: { status: 'closed' } }), 8_000)
  if (data === 'wipe') expect([await rowsOf(indexedDB), kept.size]).toEqual([[], 0])
  else expect(await messagesOf(indexedDB)).toHaveLength(1)
}, 30_000)

it.each(['keep', 'wipe'] as const)('[I26] who starts and signs out (%s) in one breath has signed out, in all tabs', async (data) => {
  const [indexedDB, kept, locks, hub] = [new IDBFactory(), keepsakes(), fakeLocks(), memoryHub()]
  const storage = () => dexieStorage({ name: 'readback', indexedDB, IDBKeyRange })
  const other = await open({ storage: storage(), kept, locks, hub })
  await other.client.send(PAIR.id, say('hello'))
  const client = createChatClient({ userId: 'ada', transport: hub.transport(), storage: storage(), ports: { locks: locks.tab(), openChannel: () => null, keepsakes: kept } })
  running.push(client)
  const started = client.start()
  await client.signOut({ data })
  await started
  expect(client.getState()).toMatchObject({ phase: 'stopped', conversations: [] })
  await expect.poll(() => other.client.getState().phase, { timeout: 20_000 }).toBe('stopped')
  if (data === 'wipe') expect([await rowsOf(indexedDB), kept.size]).toEqual([[], 0])
}, 30_000)

it.each(['keep', 'wipe'] as const)('[I26] signing out (%s) in one tab signs out in all, also where tabs have no channel', async (data) => {
  const [hub, indexedDB, locks, kept] = [memoryHub(), new IDBFactory(), fakeLocks(), keepsakes()]
  const tab = () => open({ hub, locks, kept, storage: dexieStorage({ indexedDB, IDBKeyRange }) })
  const [one, two] = [await tab(), await tab()]
  await one.client.send(PAIR.id, say('secret'))
  await one.client.signOut({ data })
  await vi.waitFor(() => expect(two.client.getState()).toMatchObject({ phase: 'stopped', conversations: [], storage: { status: 'closed' } }), 8_000)
  // A tab that opened the database again before it knew has left an empty one: to delete it would be to trust a guess.
  if (data === 'wipe') expect([await rowsOf(indexedDB), kept.size]).toEqual([[], 0])
  // Whoever signs in again is not signed out by it.
  const again = await tab()
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  expect(again.client.getState().phase).toBe('running')
  expect([one.errors, two.errors, again.errors]).toEqual([[], [], []])
}, 30_000)

it('[I26] signing out in one tab signs out in all, also where the database was thrown away before, and with it how often that had been done', async () => {
  const [factory, hub, locks, kept] = [faultyFactory(), memoryHub(), fakeLocks(), keepsakes()]
  const tab = () => open({ hub, locks, kept, storage: dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange }) })
  await (await tab()).client.signOut({ data: 'keep' })
  const [one, two] = [await tab(), await tab()]
  factory.plain.deleteDatabase('readback/ada')
  await vi.waitFor(() => expect([one.errors, two.errors]).toEqual([['storage/evicted'], ['storage/evicted']]), 8_000)
  await one.client.signOut({ data: 'keep' })
  await vi.waitFor(() => expect(two.client.getState()).toMatchObject({ phase: 'stopped', conversations: [], storage: { status: 'closed' } }), 8_000)
}, 30_000)

/** Makes a conversation at the first moment at which this client has lost its database, as an app does that is just being opened at one. */
function ensureAtLoss(client: ChatClient): Promise<string> {
  return new Promise((resolve) => {
    const stop = client.subscribe(() => {
      if (client.getState().storage.status !== 'reopening') return
      stop()
      client.ensureConversation({ id: 'late', kind: 'direct', members: ['ada', 'cy'] }).then(() => resolve('kept'), ({ code }: { code: string }) => resolve(code))
    })
  })
}

it('[I26] what a tab writes that has not heard of a wipe is refused by name, and not put into the database made anew', async () => {
  const [hub, indexedDB, locks, kept] = [memoryHub(), new IDBFactory(), fakeLocks(), keepsakes()]
  const tab = () => open({ hub, locks, kept, storage: dexieStorage({ indexedDB, IDBKeyRange }) })
  const [one, two] = [await tab(), await tab()]
  const made = ensureAtLoss(two.client)
  await one.client.signOut({ data: 'wipe' })
  expect(['storage/lost', 'storage/closed']).toContain(await made)
  await vi.waitFor(() => expect(two.client.getState().phase).toBe('stopped'), 8_000)
  expect(await rowsOf(indexedDB)).toEqual([])
}, 30_000)

it('[I34] what is written while the database has been thrown away goes into the one in its place, once it is known to be that', async () => {
  const [factory, hub, locks, kept] = [faultyFactory(), memoryHub(), fakeLocks(), keepsakes()]
  const { client, errors } = await open({ hub, locks, kept, storage: dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange }) })
  const made = ensureAtLoss(client)
  factory.plain.deleteDatabase('readback/ada')
  expect(await made).toBe('kept')
  await vi.waitFor(() => expect(client.getState().conversations.map(({ id }) => id)).toContain('late'), 8_000)
  expect(errors).toEqual(['storage/evicted'])
}, 30_000)

it.each([1, 2, 3, 4, 5])('[I34] a database that is thrown away while it is opened, after look %i at it, is noticed, and used', async (at) => {
  const [factory, hub, kept] = [faultyFactory(), memoryHub(), keepsakes()]
  const bare = dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange })
  let looks = 0
  const storage: ChatStorage = {
    ...bare,
    async read(fn) {
      const result = await bare.read(fn)
      looks += 1
      if (looks === at) {
        factory.plain.deleteDatabase('readback/ada')
        await vi.waitFor(() => expect(factory.handles).toHaveLength(2))
        await vi.waitFor(() => expect(bare.getState().status).toBe('ready'))
      }
      return result
    },
  }
  const { client } = await open({ hub, kept, storage })
  await client.ensureConversation(PAIR)
  await client.send(PAIR.id, say('after it'))
  await vi.waitFor(() => expect(hub.log(PAIR.id)).toHaveLength(1), 8_000)
}, 20_000)

it('[I26] what looks like a sign-out elsewhere ends the session and deletes nothing: an app that clears its own keepsakes beside a torn marker loses no message', async () => {
  const factory = faultyFactory()
  const kept = new Map<string, string>()
  const keeps: Keepsakes = { get: (key) => kept.get(key) ?? null, set: (key, value) => void kept.set(key, value), remove: (key) => void kept.delete(key) }
  const hub = memoryHub()
  const { client, errors } = await open({ storage: dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange }), kept: keeps, hub })
  await client.send(PAIR.id, say('kept'))
  await vi.waitFor(() => expect(hub.log(PAIR.id)).toHaveLength(1))
  kept.clear()
  const other = await openPlain(factory, 'readback/ada')
  await putRaw(other, 'meta', [{ key: 'marker', value: 7 }])
  other.close()
  const before = await messagesOf(factory.plain)
  expect(before).toHaveLength(1)
  forceCloseDatabase(factory.handles.at(-1) as never)
  await vi.waitFor(() => expect(client.getState()).toMatchObject({ phase: 'stopped', conversations: [], storage: { status: 'closed' } }), 5_000)
  await hub.post({ conversationId: PAIR.id, from: 'bo', body: 'not fetched' })
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await messagesOf(factory.plain)).toEqual(before)
  expect([client.getState().phase, errors]).toEqual(['stopped', []])
  // Who signs in again finds everything, and is not signed out by it once more.
  await client.start()
  const source = client.messages(PAIR.id)
  source.subscribe(() => {})
  await vi.waitFor(() => expect(source.getSnapshot().messages.map(({ body }) => body)).toEqual([say('kept').body, say('not fetched').body]))
  expect(kept.size).toBe(1)
}, 15_000)

it('[I26] a tab that lost the news of a sign-out has signed out after the next look', async () => {
  const [hub, indexedDB, locks, kept] = [memoryHub(), new IDBFactory(), fakeLocks(), keepsakes()]
  // A page that was put aside for the way back hears nothing, and goes on where it was.
  const deaf = (): TabChannel => ({ post() {}, subscribe: () => () => {}, close() {} })
  let visible = true
  const seen = new Set<() => void>()
  const client = createChatClient({
    userId: 'ada', transport: hub.transport(), storage: dexieStorage({ indexedDB, IDBKeyRange }),
    ports: { locks: locks.tab(), openChannel: deaf, keepsakes: kept, visibility: { isVisible: () => visible, hasFocus: () => visible, subscribe: (listener) => (seen.add(listener), () => seen.delete(listener)) } },
  })
  running.push(client)
  await client.start()
  visible = false
  for (const tell of seen) tell()
  const other = await open({ hub, locks, kept, storage: dexieStorage({ indexedDB, IDBKeyRange }), openChannel: deaf })
  await other.client.signOut({ data: 'keep' })
  visible = true
  for (const tell of seen) tell()
  await vi.waitFor(() => expect(client.getState()).toMatchObject({ phase: 'stopped', conversations: [] }), 5_000)
})
