import { forceCloseDatabase, IDBKeyRange } from 'fake-indexeddb'
import { ChatError, createChatClient, type ChatClient, type ChatStorage, type Keepsakes, type Message } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { createFakeClock } from 'readback/testing'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { OPERATIONS, outcomeOf, type Scene } from './operations.js'
import { faultyFactory, holdTables, openPlain, type FaultyFactory } from '../storage/faultyFactory.js'
import { startInMemory } from './startInMemory.js'
import { ASKING, ENDING, SETTLED, TROUBLES } from './troubles.js'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const say = (text: string) => ({ body: { kind: 'text', text } as const })
const running: ChatClient[] = []
const unhandled: unknown[] = []
const note = (reason: unknown) => unhandled.push(reason)

beforeEach(() => void process.on('unhandledRejection', note))
afterEach(async () => {
  await Promise.allSettled(running.splice(0).map((client) => client.dispose()))
  process.off('unhandledRejection', note)
  expect(unhandled.splice(0)).toEqual([])
})

function keepsakes(): Keepsakes & { readonly size: number } {
  const map = new Map<string, string>()
  return { get: (key) => map.get(key) ?? null, set: (key, value) => void map.set(key, value), remove: (key) => void map.delete(key), get size() { return map.size } }
}

function makeClient(storage: ChatStorage, hub = memoryHub(), kept: Keepsakes | null = null) {
  const client = createChatClient({ userId: 'ada', transport: hub.transport(), storage, policy: { flushMs: 5, maxFlushMs: 10 }, ports: { locks: null, openChannel: () => null, keepsakes: kept } })
  const errors: string[] = []
  client.on('error', ({ code }) => errors.push(code))
  running.push(client)
  return { client, errors }
}

const storageOn = (factory: FaultyFactory, limits = { openTimeoutMs: 100, writeTimeoutMs: 2_000 }) => dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, ...limits })
/** Where nothing is in the way, a busy machine is not taken for something that is. */
const PATIENT = { openTimeoutMs: 10_000, writeTimeoutMs: 10_000 }
const texts = (messages: readonly Message[]) => messages.map(({ body }) => (body.kind === 'text' ? body.text : body.kind))

function watch(client: ChatClient) {
  const source = client.messages(PAIR.id)
  source.subscribe(() => {})
  return () => texts(source.getSnapshot().messages)
}

describe('a database that another tab keeps from being opened', () => {
  it('[I29] is told as blocked; verbs say so; opened by itself when that tab lets go, with what was made known meanwhile', async () => {
    const factory = faultyFactory()
    const old = await openPlain(factory, 'readback/ada', 1)
    const { client } = makeClient(storageOn(factory))
    await client.ensureConversation(PAIR)
    await client.start()
    expect([client.getState().storage.status, client.getState().hydrated]).toEqual(['blocked', false])
    await expect(client.send(PAIR.id, say('x'))).rejects.toMatchObject({ code: 'storage/blocked', retryable: true })
    old.close()
    await vi.waitFor(() => expect(client.getState().phase).toBe('running'), 5_000)
    await client.send(PAIR.id, say('after'))
    const shown = watch(client)
    await vi.waitFor(() => expect(shown()).toEqual(['after']))
  })

  it('is no obstacle to stopping: what opens later is closed at once', async () => {
    const factory = faultyFactory()
    const old = await openPlain(factory, 'readback/ada', 1)
    const { client } = makeClient(storageOn(factory))
    await client.start()
    await client.stop()
    expect([client.getState().phase, client.getState().storage.status]).toEqual(['stopped', 'closed'])
    await expect(client.send(PAIR.id, say('x'))).rejects.toMatchObject({ code: 'client/notStarted' })
    old.close()
    await vi.waitFor(() => expect(factory.handles.length).toBeGreaterThan(0))
    // Held open it would be in the way of every later version.
    await new Promise<void>((resolve, reject) => {
      const deletion = factory.plain.deleteDatabase('readback/ada')
      deletion.onsuccess = () => resolve()
      deletion.onblocked = () => reject(new Error('The stopped client holds the database.'))
    })
    await client.start()
    expect(client.getState().phase).toBe('running')
  })

  it('nor is the start itself: a stop in the middle of it leaves nothing open', async () => {
    const factory = faultyFactory()
    const { client } = makeClient(storageOn(factory))
    const started = client.start()
    await vi.waitFor(() => expect(client.getState().phase).toBe('starting'), { interval: 1 })
    await client.stop()
    await started
    expect([client.getState().phase, client.getState().storage.status]).toEqual(['stopped', 'closed'])
  })
})

describe('[A11] [I29] [F7] a database whose tables a frozen tab holds', () => {
  const limits = { openTimeoutMs: 300, writeTimeoutMs: 600 }

  async function held() {
    const factory = faultyFactory()
    const hub = memoryHub()
    const first = makeClient(storageOn(factory, limits), hub)
    await first.client.ensureConversation(PAIR)
    await first.client.start()
    return { factory, hub, first: first.client, letGo: await holdTables(await openPlain(factory, 'readback/ada')) }
  }

  it('is told as blocked to who starts, and the start goes on by itself when that tab lets go, with what was made known meanwhile', async () => {
    const { factory, hub, letGo } = await held()
    const { client, errors } = makeClient(storageOn(factory, limits), hub)
    await client.ensureConversation({ id: 'other', kind: 'direct', members: ['ada', 'cy'] })
    const started = client.start()
    await vi.waitFor(() => expect(client.getState().storage.status).toBe('blocked'), { timeout: 550, interval: 10 })
    await started
    expect([client.getState().storage.status, client.getState().phase]).toEqual(['blocked', 'starting'])
    await expect(client.send(PAIR.id, say('x'))).rejects.toMatchObject({ code: 'storage/blocked', retryable: true })
    await letGo()
    await vi.waitFor(() => expect([client.getState().phase, client.getState().storage.status]).toEqual(['running', 'ready']), 2_000)
    expect(client.getState().conversations.map(({ id }) => id).sort()).toEqual(['other', 'pair'])
    await client.send(PAIR.id, say('after'))
    expect(errors).toEqual([])
  })

  it('is told as blocked to who runs, until a transaction gets through', async () => {
    const { first, letGo } = await held()
    const sent = first.send(PAIR.id, say('x')).catch((error: ChatError) => error.code)
    await vi.waitFor(() => expect(first.getState().storage.status).toBe('blocked'), { timeout: 550, interval: 10 })
    expect(await sent).toBe('storage/timeout')
    expect(first.getState().storage.status).toBe('blocked')
    await letGo()
    await vi.waitFor(() => expect(first.getState().storage.status).toBe('ready'), 2_000)
    await first.send(PAIR.id, say('after'))
  })

  it('and only reads, so that the start stops at its first write, loses nothing of what was made known before it', async () => {
    const { factory, hub, letGo } = await held()
    await letGo()
    const release = await holdTables(await openPlain(factory, 'readback/ada'), 'readonly')
    const { client } = makeClient(storageOn(factory, limits), hub)
    await client.ensureConversation({ id: 'other', kind: 'direct', members: ['ada', 'cy'] })
    await client.start()
    expect([client.getState().storage.status, client.getState().phase]).toEqual(['blocked', 'starting'])
    await release()
    await vi.waitFor(() => expect(client.getState().phase).toBe('running'), 2_000)
    expect(client.getState().conversations.map(({ id }) => id).sort()).toEqual(['other', 'pair'])
  })
})

describe('a handle that dies', () => {
  it('[I28] is replaced, and the screen is read again without moving', async () => {
    const factory = faultyFactory()
    const { client, errors } = makeClient(storageOn(factory, { openTimeoutMs: 3_000, writeTimeoutMs: 5_000 }))
    await client.ensureConversation(PAIR)
    await client.start()
    for (const text of ['1', '2', '3']) await client.send(PAIR.id, say(text))
    const shown = watch(client)
    const source = client.messages(PAIR.id)
    await vi.waitFor(() => expect(source.getSnapshot().messages.filter(({ at }) => at !== null)).toHaveLength(3))
    const before = source.getSnapshot().messages
    forceCloseDatabase(factory.handles.at(-1) as never)
    await vi.waitFor(() => expect(factory.handles.length).toBeGreaterThan(1))
    await vi.waitFor(() => expect(client.getState().storage.status).toBe('ready'))
    await client.send(PAIR.id, say('4'))
    await vi.waitFor(() => expect(shown()).toEqual(['1', '2', '3', '4']))
    expect(source.getSnapshot().messages.slice(0, 3)).toEqual(before)
    expect(source.getSnapshot().messages[0]).toBe(before[0])
    expect(errors).toEqual([])
  })
})

describe('[I34] a database that the browser threw away', () => {
  async function twoPeople() {
    const factory = faultyFactory()
    const hub = memoryHub()
    const kept = keepsakes()
    const made = makeClient(storageOn(factory, { openTimeoutMs: 3_000, writeTimeoutMs: 5_000 }), hub, kept)
    await made.client.ensureConversation(PAIR)
    await made.client.start()
    await vi.waitFor(() => expect(made.client.getState().connection.status).toBe('online'))
    for (const text of ['1', '2', '3']) await hub.post({ conversationId: PAIR.id, from: 'bo', body: text })
    const shown = watch(made.client)
    await vi.waitFor(() => expect(shown()).toEqual(['1', '2', '3']))
    await made.client.markRead([made.client.messages(PAIR.id).getSnapshot().messages[1]!])
    const unread = (client: ChatClient) => client.getState().conversations.find(({ id }) => id === PAIR.id)?.unread
    await vi.waitFor(() => expect(unread(made.client)).toEqual({ count: 1, exact: true }))
    await vi.waitFor(async () => expect((await made.client.diagnostics()).outbox).toEqual([]))
    return { ...made, factory, hub, kept, shown, unread }
  }

  it('while the page is open is told, and fetched again with its read state', async () => {
    const { client, errors, factory, shown, unread } = await twoPeople()
    forceCloseDatabase(factory.handles.at(-1) as never)
    await new Promise<void>((resolve) => (factory.plain.deleteDatabase('readback/ada').onsuccess = () => resolve()))
    await vi.waitFor(() => expect(errors).toEqual(['storage/evicted']), { timeout: 5_000, interval: 1 })
    await client.send(PAIR.id, say('4'))
    await vi.waitFor(() => expect(shown()).toEqual(['1', '2', '3', '4']), 8_000)
    await vi.waitFor(() => expect(unread(client)).toEqual({ count: 1, exact: true }), 5_000)
  }, 20_000)

  it('between two visits is told, and fetched again with its read state; a new one and a wiped one are not', async () => {
    const first = await twoPeople()
    expect([first.errors, first.kept.size]).toEqual([[], 1])
    await first.client.stop()
    await new Promise<void>((resolve) => (first.factory.plain.deleteDatabase('readback/ada').onsuccess = () => resolve()))
    const second = makeClient(storageOn(faultyFactory(), { openTimeoutMs: 3_000, writeTimeoutMs: 5_000 }), first.hub, first.kept)
    await second.client.start()
    expect(second.errors).toEqual(['storage/evicted'])
    await vi.waitFor(() => expect(first.unread(second.client)).toEqual({ count: 1, exact: true }), 5_000)
    await second.client.signOut({ data: 'wipe' })
    expect(first.kept.size).toBe(0)
  }, 20_000)
})

describe('a wipe that another tab is in the way of until the browser is closed', () => {
  async function wipedInVain() {
    const factory = faultyFactory()
    const hub = memoryHub()
    const kept = keepsakes()
    const first = makeClient(storageOn(factory, { openTimeoutMs: 300, writeTimeoutMs: 600 }), hub, kept)
    await first.client.ensureConversation(PAIR)
    await first.client.start()
    await vi.waitFor(() => expect(first.client.getState().connection.status).toBe('online'))
    hub.setOnline('ada', false)
    await vi.waitFor(() => expect(first.client.getState().connection.status).toBe('offline'))
    await first.client.send(PAIR.id, say('unsent'))
    const { deleteDatabase } = factory.indexedDB
    // What a closed browser had been asked for is forgotten with it.
    factory.indexedDB.deleteDatabase = () => new EventTarget() as IDBOpenDBRequest
    await expect(first.client.signOut({ data: 'wipe' })).rejects.toMatchObject({ code: 'storage/blocked' })
    factory.indexedDB.deleteDatabase = deleteDatabase
    hub.setOnline('ada', true)
    return { factory, hub, kept }
  }

  it('is done by the next start, before anything is shown or sent, and once', async () => {
    const { factory, hub, kept } = await wipedInVain()
    const { client, errors } = makeClient(storageOn(factory, PATIENT), hub, kept)
    const seen: unknown[] = []
    client.subscribe(() => seen.push(...client.getState().conversations.map(({ lastMessage }) => lastMessage?.body)))
    await client.start()
    await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
    await client.ensureConversation(PAIR)
    await client.send(PAIR.id, say('after'))
    await vi.waitFor(() => expect(hub.log(PAIR.id).map(({ body }) => body)).toEqual([say('after').body]))
    expect(seen).not.toContainEqual(say('unsent').body)
    await client.stop()
    const later = makeClient(storageOn(factory, PATIENT), hub, kept)
    await later.client.start()
    const shown = watch(later.client)
    await vi.waitFor(() => expect(shown()).toEqual(['after']))
    expect([kept.size, errors, later.errors]).toEqual([1, [], []])
  })

  it('and that the browser did after all, leaves what came since alone', async () => {
    const { factory, hub, kept } = await wipedInVain()
    await new Promise<void>((resolve) => (factory.plain.deleteDatabase('readback/ada').onsuccess = () => resolve()))
    // In a browser of which nothing was kept meanwhile.
    const other = makeClient(storageOn(factory, PATIENT), hub, keepsakes())
    await other.client.ensureConversation(PAIR)
    await other.client.start()
    await other.client.send(PAIR.id, say('since'))
    await vi.waitFor(() => expect(hub.log(PAIR.id)).toHaveLength(1))
    await other.client.stop()
    const later = makeClient(storageOn(factory, PATIENT), hub, kept)
    await later.client.start()
    expect(later.client.getState().conversations.map(({ lastMessage }) => lastMessage?.body)).toEqual([say('since').body])
  })
})

async function startScene(storage: ChatStorage, hub = memoryHub()) {
  const { client } = makeClient(storage, hub)
  await client.ensureConversation(PAIR)
  await client.start()
  await client.send(PAIR.id, say('before'))
  const source = client.messages(PAIR.id)
  source.subscribe(() => {})
  const message = await vi.waitFor(() => {
    const [row] = source.getSnapshot().messages
    expect(row?.at).toBeTruthy()
    return row!
  }, 5_000)
  const scene: Scene = { client, conversationId: PAIR.id, members: PAIR.members, message }
  return { scene, client, hub, shown: () => texts(source.getSnapshot().messages) }
}

it('[A10] every method of a client is among the operations that are tried', () => {
  const { client } = makeClient(dexieStorage())
  const methods = Object.entries(client).flatMap(([name, value]) => (typeof value === 'function' ? name : []))
  expect(methods.filter((name) => !Object.hasOwn(OPERATIONS, name))).toEqual([])
})

describe.each(Object.entries(TROUBLES))('[A10] [I27] %s', (_, begin) => {
  it('every operation settles in time, with a result or a code, and the client is whole when it is over', async () => {
    const factory = faultyFactory()
    const { scene, client, hub, shown } = await startScene(storageOn(factory, { openTimeoutMs: 3_000, writeTimeoutMs: 1_000 }))
    const end = await begin(factory)
    const outcomes = await Promise.all(ASKING.map(async ([name, operation]) => [name, await outcomeOf(operation, scene)] as const))
    for (const [name, outcome] of outcomes) expect(outcome, name).toMatch(OPERATIONS[name]!.pure ? /^done$/ : SETTLED)
    expect(outcomes.find(([name]) => name === 'send')![1]).toMatch(/^storage\//)
    await end()
    await vi.waitFor(async () => expect(await client.send(PAIR.id, say('after'))).toBeTruthy(), { timeout: 15_000, interval: 200 })
    await vi.waitFor(() => expect(hub.log(PAIR.id).map(({ body }) => (body as { text: string }).text)).toContain('after'), { timeout: 15_000 })
    await vi.waitFor(() => expect(shown()).toContain('after'), { timeout: 5_000 })
  }, 60_000)

  it.each(ENDING)('%s settles in time, too', async (_name, operation) => {
    const factory = faultyFactory()
    const { scene } = await startScene(storageOn(factory, { openTimeoutMs: 3_000, writeTimeoutMs: 1_000 }))
    const end = await begin(factory)
    expect(await outcomeOf(operation, scene)).toMatch(SETTLED)
    await end()
  }, 20_000)
})

describe('[A10] [I29] a database that another tab keeps from being opened', () => {
  async function blocked() {
    const factory = faultyFactory()
    const old = await openPlain(factory, 'readback/ada', 1)
    const { client } = makeClient(storageOn(factory))
    await client.start()
    const message = { conversationId: PAIR.id, from: 'ada', localId: 'l', ids: ['m'], at: { epoch: 0, order: 1, id: 'm' }, time: 1, body: { kind: 'text', text: 'x' } } satisfies Message
    return { scene: { client, conversationId: PAIR.id, members: PAIR.members, message }, old }
  }

  it('every operation settles in time, with a result or a code', async () => {
    const { scene } = await blocked()
    for (const [name, operation] of ASKING) expect(await outcomeOf(operation, scene), name).toMatch(operation.pure || name === 'start' || name === 'ensureConversation' ? /^done$/ : SETTLED)
    expect(await outcomeOf(OPERATIONS['send']!, scene)).toBe('storage/blocked')
  }, 30_000)

  it.each(ENDING)('%s settles in time, too', async (_name, operation) => {
    const { scene, old } = await blocked()
    expect(await outcomeOf(operation, scene)).toMatch(SETTLED)
    old.close()
  }, 20_000)
})

describe('[A10] [I27] no database at all', () => {
  it('every operation works in memory', async () => {
    const { scene, client } = await startScene(dexieStorage({ indexedDB: undefined as never }))
    expect(client.getState().storage).toEqual({ status: 'memory', reason: 'unavailable' })
    for (const [name, operation] of ASKING) expect(await outcomeOf(operation, scene), name).toBe('done')
  })

  it.each(ENDING)('%s, too', async (_name, operation) => {
    const { scene } = await startScene(dexieStorage({ indexedDB: undefined as never }))
    expect(await outcomeOf(operation, scene)).toBe('done')
  })
})

describe('opening that fails for a passing reason', () => {
  it('rejects with a code, and is tried again by itself', async () => {
    const storage = storageOn(faultyFactory(), { openTimeoutMs: 3_000, writeTimeoutMs: 200 })
    let busy = true
    const moody: ChatStorage = { ...storage, name: storage.name, read: (fn) => (busy ? Promise.reject(new ChatError('storage/timeout', 'Busy.', { retryable: true })) : storage.read(fn)) }
    const { client } = makeClient(moody)
    await expect(client.start()).rejects.toMatchObject({ code: 'storage/timeout' })
    expect(client.getState().phase).toBe('stopped')
    await expect(client.send(PAIR.id, say('x'))).rejects.toMatchObject({ code: 'storage/timeout' })
    busy = false
    await vi.waitFor(() => expect(client.getState().phase).toBe('running'), 8_000)
  }, 15_000)
})

describe('[I28] memory that ends', () => {
  it('when the database opens after all: what was written and read meanwhile joins what is there, and nothing is overwritten or sent twice', async () => {
    const factory = faultyFactory()
    const hub = memoryHub()
    const clock = createFakeClock()
    // An earlier visit left a message, a read and an unsent message in the database.
    const earlier = makeClient(storageOn(factory, { openTimeoutMs: 3_000, writeTimeoutMs: 5_000 }), hub)
    await earlier.client.ensureConversation(PAIR)
    await earlier.client.start()
    await vi.waitFor(() => expect(earlier.client.getState().connection.status).toBe('online'))
    await hub.post({ conversationId: PAIR.id, from: 'bo', body: 'bo 1' })
    const shownEarlier = watch(earlier.client)
    await vi.waitFor(() => expect(shownEarlier()).toEqual(['bo 1']))
    await earlier.client.markRead(earlier.client.messages(PAIR.id).getSnapshot().messages)
    await vi.waitFor(async () => expect((await earlier.client.diagnostics()).outbox).toEqual([]))
    hub.setOnline('ada', false)
    await vi.waitFor(() => expect(earlier.client.getState().connection.status).toBe('offline'))
    await earlier.client.send(PAIR.id, say('unsent'))
    await earlier.client.stop()

    const storage = dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, clock })
    const { client, errors } = makeClient(storage, hub)
    await client.ensureConversation(PAIR)
    await startInMemory(client, factory, clock)
    await client.send(PAIR.id, say('from memory'))
    const shown = watch(client)
    await vi.waitFor(() => expect(shown()).toContain('from memory'))

    factory.onOpen = null
    clock.advance(10_000)
    await vi.waitFor(() => expect(client.getState().storage.status).toBe('ready'), 5_000)
    await vi.waitFor(() => expect(shown()).toEqual(['bo 1', 'unsent', 'from memory']), 5_000)
    hub.setOnline('ada', true)
    await vi.waitFor(() => expect(hub.log(PAIR.id).map(({ body }) => (body as { text: string }).text)).toEqual(['bo 1', 'unsent', 'from memory']), 8_000)
    await vi.waitFor(() => expect(client.getState().conversations[0]?.unread).toEqual({ count: 0, exact: true }))
    expect(errors).toEqual([])
    await client.stop()
    // It is in the database now.
    const later = makeClient(storageOn(factory, { openTimeoutMs: 3_000, writeTimeoutMs: 5_000 }), memoryHub())
    await later.client.start()
    const shownLater = watch(later.client)
    await vi.waitFor(() => expect(shownLater()).toEqual(['bo 1', 'unsent', 'from memory']))
  }, 40_000)
})

it('[I34] files that the browser found torn and threw away are told of once, also where no keepsake remembers that there were any', async () => {
  const factory = faultyFactory()
  const hub = memoryHub()
  const first = makeClient(storageOn(factory), hub, keepsakes())
  await first.client.ensureConversation(PAIR)
  await first.client.start()
  await first.client.send(PAIR.id, say('kept by the server'))
  await vi.waitFor(() => expect(hub.log(PAIR.id)).toHaveLength(1))
  await first.client.stop()
  await new Promise<void>((resolve) => (factory.plain.deleteDatabase('readback/ada').onsuccess = () => resolve()))
  // As Chromium does it; a browser that dies takes what localStorage had in its last seconds with it.
  const open = factory.indexedDB.open.bind(factory.indexedDB)
  factory.indexedDB.open = (...args) => {
    const request = open(...args)
    request.addEventListener('upgradeneeded', (event) => Object.assign(event, { dataLoss: 'total', dataLossMessage: 'CURRENT file does not end with newline' }))
    return request
  }
  const second = makeClient(storageOn(factory), hub, keepsakes())
  await second.client.start()
  expect(second.errors).toEqual(['storage/evicted'])
  const shown = watch(second.client)
  await vi.waitFor(() => expect(shown()).toEqual(['kept by the server']), 5_000)
  await second.client.stop()
  const third = makeClient(storageOn(factory), hub, keepsakes())
  await third.client.start()
  expect([first.errors, third.errors]).toEqual([[], []])
}, 20_000)
