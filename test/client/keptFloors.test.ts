/** [RS15] From where reading may be told outlives the database: what was read in private is not published with a later prefix by who has lost the rows that knew of it. */
import { forceCloseDatabase, IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient, type Clock, type Keepsakes, type Message } from 'readback/core'
import { coversPoint, type Progress } from 'readback/receipts'
import { dexieStorage } from 'readback/storage/dexie'
import { createFakeClock } from 'readback/testing'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { failedRequest, faultyFactory } from '../storage/faultyFactory.js'
import { startInMemory } from './startInMemory.js'

const NAME = 'readback/ada/receipts'
const running: ChatClient[] = []
afterEach(async () => {
  await Promise.allSettled(running.splice(0).map((client) => client.dispose()))
})

/** A direct conversation, where reading a message reads everything before it, with three messages. */
async function world() {
  const hub = memoryHub()
  const factory = faultyFactory()
  const map = new Map<string, string>()
  const kept: Keepsakes = { get: (key) => map.get(key) ?? null, set: (key, value) => void map.set(key, value), remove: (key) => void map.delete(key) }
  await hub.ensureConversation({ id: 'pair', kind: 'direct', members: ['ada', 'bo'] })
  const post = (body: string) => hub.post({ conversationId: 'pair', from: 'bo', body })
  for (const body of ['one', 'two', 'three']) await post(body)

  const create = (clock?: Clock) => {
    const client = createChatClient({
      userId: 'ada', transport: hub.transport(), storage: dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, ...(clock ? { clock } : {}) }), policy: { flushMs: 5, maxFlushMs: 10 },
      ports: { locks: null, openChannel: () => null, keepsakes: kept },
    })
    running.push(client)
    return client
  }
  const visit = async (isEnsuring = false) => {
    const client = create()
    // As most apps do at every start: the conversation is here before its head is known.
    if (isEnsuring) await client.ensureConversation({ id: 'pair', kind: 'direct', members: ['ada', 'bo'] })
    await client.start()
    await vi.waitFor(() => expect(client.getState().conversations).toHaveLength(1), 5_000)
    return client
  }
  const evict = () => new Promise<void>((resolve) => (factory.plain.deleteDatabase('readback/ada').onsuccess = () => resolve()))
  const published = () => hub.readStates('pair', 'bo').filter(({ by, kind, visibility }) => by === 'ada' && kind === 'read' && visibility === 'published')
  /** Of which of these messages others were told that they were read. */
  const told = (messages: readonly Message[]) => messages.filter(({ at }) => published().some(({ upTo = null, ranges = [] }) => coversPoint({ upTo, ranges } satisfies Progress, at!))).map(({ body }) => body.kind === 'text' ? body.text : body.kind)
  return { hub, factory, map, post, create, visit, evict, told }
}

/** What is on screen, once that many messages are. */
async function rows(client: ChatClient, count: number): Promise<readonly Message[]> {
  const source = client.messages('pair')
  const stop = source.subscribe(() => {})
  await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(count), 8_000)
  stop()
  return source.getSnapshot().messages
}

/** A page that has the database again tells of what is written now, and of nothing from before. */
async function tellsOfFour({ visit, post, told }: Pick<Awaited<ReturnType<typeof world>>, 'visit' | 'post' | 'told'>): Promise<void> {
  const client = await visit()
  expect(client.getState().storage.status).toBe('ready')
  await post('four')
  expect(told(await readNewest(client, 4))).toEqual(['four'])
}

/** Reads the newest of so many, as somebody does who opens the conversation and looks at its end. */
async function readNewest(client: ChatClient, count: number): Promise<readonly Message[]> {
  const messages = await rows(client, count)
  await client.markRead(messages.slice(-1))
  await vi.waitFor(async () => expect((await client.diagnostics()).outbox).toEqual([]), 5_000)
  return messages
}

/** Receipts off, everything read, receipts on again. */
async function readInPrivate(client: ChatClient, count: number): Promise<void> {
  await client.setReceipts('off')
  await readNewest(client, count)
  await client.setReceipts('public')
}

describe('what was read in private before receipts were switched on again', () => {
  it.each([['lists the conversation', false], ['is asked after the app has made it known', true]])('is not published after the database was thrown away between two visits, where the back end %s', async (_, isEnsuring) => {
    const { post, visit, evict, told } = await world()
    const first = await visit()
    await readInPrivate(first, 3)
    await first.stop()
    await evict()
    const second = await visit(isEnsuring)
    expect(second.getState().receipts).toBe('public')
    await post('four')
    expect(told(await readNewest(second, 4))).toEqual(['four'])
    // And once more: what was restored is kept in its turn.
    await second.setReceipts('public', 'pair')
    await second.stop()
    await evict()
    const third = await visit(isEnsuring)
    await post('five')
    expect(told(await readNewest(third, 5))).toEqual(['four', 'five'])
  }, 30_000)

  it('is not published where it was thrown away under an open page, also of what comes in the same moment', async () => {
    const { factory, post, visit, evict, told } = await world()
    const client = await visit()
    await readInPrivate(client, 3)
    forceCloseDatabase(factory.handles.at(-1) as never)
    const gone = evict()
    await post('four')
    await gone
    await readNewest(client, 4)
    await post('five')
    const messages = await readNewest(client, 5)
    expect(told(messages)).toContain('five')
    expect(told(messages.slice(0, 3))).toEqual([])
  }, 30_000)

  it('is not published by a client that goes on in memory', async () => {
    const { factory, post, visit, told } = await world()
    const first = await visit()
    await readInPrivate(first, 3)
    await first.stop()
    factory.onOpen = () => failedRequest('SecurityError')
    const second = await visit()
    expect(second.getState().storage.status).toBe('memory')
    await post('four')
    expect(told(await readNewest(second, 4))).toEqual(['four'])
  }, 30_000)

  it.each([['is not here', false], ['the app has made known', true]])('is not published where they are switched on before the back end has said again how far a conversation reaches that %s', async (_, isEnsuring) => {
    const { hub, map, post, create, visit, evict, told } = await world()
    const first = await visit()
    await first.setReceipts('off')
    await readNewest(first, 3)
    await first.stop()
    await evict()
    hub.setOnline('ada', false)
    const second = create()
    if (isEnsuring) await second.ensureConversation({ id: 'pair', kind: 'direct', members: ['ada', 'bo'] })
    await second.start()
    await second.setReceipts('public')
    hub.setOnline('ada', true)
    await vi.waitFor(() => expect(second.getState()).toMatchObject({ caughtUp: true, conversations: [{ id: 'pair', head: { order: 3 } }] }), 8_000)
    await post('four')
    expect(told(await readNewest(second, 4))).toEqual(['four'])
    // What begins after all are back is told from its beginning, also where receipts go off and on once more.
    await second.setReceipts('off')
    await second.setReceipts('public')
    await vi.waitFor(() => expect(JSON.parse(map.get(NAME)!)).toMatchObject({ own: 'public', floors: [['pair', { order: 4 }]] }))
    expect(map.get(NAME)).not.toContain('"floor":')
    await hub.ensureConversation({ id: 'new', kind: 'direct', members: ['ada', 'bo'] })
    await hub.post({ conversationId: 'new', from: 'bo', body: 'hello' })
    const source = second.messages('new')
    const stop = source.subscribe(() => {})
    await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(1), 5_000)
    await second.markRead(source.getSnapshot().messages)
    stop()
    await vi.waitFor(() => expect(hub.readStates('new', 'bo').filter(({ by, kind }) => by === 'ada' && kind === 'read')).toHaveLength(1), 5_000)
  }, 30_000)

  it('in memory, by a page that was gone before the rows of that time were joined, is not published where the database did not know the conversation', async () => {
    const { hub, factory, post, create, visit, told } = await world()
    hub.setOnline('ada', false)
    const first = create()
    await first.start()
    await first.stop()
    hub.setOnline('ada', true)
    factory.onOpen = () => failedRequest('SecurityError')
    const second = await visit()
    await readInPrivate(second, 3)
    await second.stop()
    factory.onOpen = null
    await tellsOfFour({ visit, post, told })
  }, 30_000)

  it('in memory, by a page that was gone before the database could be opened again, is not published by the database either', async () => {
    const { factory, post, visit, told } = await world()
    const first = await visit()
    await first.stop()
    factory.onOpen = () => failedRequest('SecurityError')
    const second = await visit()
    await readInPrivate(second, 3)
    await second.stop()
    factory.onOpen = null
    await tellsOfFour({ visit, post, told })
  }, 30_000)
})

describe('what is kept of it beside the database', () => {
  it('is what was joined to the database, once that opens again', async () => {
    const { factory, map, post, create, visit, evict, told } = await world()
    // A database that knows of all choices made before it, and so takes over none.
    await (await visit()).stop()
    const clock = createFakeClock()
    const first = create(clock)
    await startInMemory(first, factory, clock)
    await readInPrivate(first, 3)
    factory.onOpen = null
    clock.advance(10_000)
    await vi.waitFor(() => expect(first.getState()).toMatchObject({ phase: 'running', storage: { status: 'ready' } }), 5_000)
    await vi.waitFor(() => expect(JSON.parse(map.get(NAME)!)).toEqual({ own: 'public', here: [], rest: null, floors: [['pair', expect.objectContaining({ order: 3 })]] }), 5_000)
    await first.stop()
    await evict()
    const second = await visit()
    await post('four')
    expect(told(await readNewest(second, 4))).toEqual(['four'])
  }, 30_000)

  it('goes once the user confirms that the past may show, and with a wipe', async () => {
    const { map, post, visit, evict, told } = await world()
    const first = await visit()
    await readInPrivate(first, 3)
    expect(JSON.parse(map.get(NAME)!)).toMatchObject({ floors: [['pair', { order: 3 }]] })
    await first.publishEarlier('pair')
    expect(map.has(NAME)).toBe(false)
    await first.stop()
    await evict()
    const second = await visit()
    await post('four')
    expect(told(await readNewest(second, 4))).toEqual(['one', 'two', 'three', 'four'])
    await readInPrivate(second, 4)
    expect(map.has(NAME)).toBe(true)
    await second.signOut({ data: 'wipe' })
    expect(map.size).toBe(0)
  }, 30_000)
})
