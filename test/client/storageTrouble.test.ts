import { forceCloseDatabase, IDBKeyRange } from 'fake-indexeddb'
import { ChatError, createChatClient, type ChatClient, type ChatStorage, type Keepsakes, type Message } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { createFakeClock } from 'readback/testing'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { abortAfter, abortFor, failedRequest, faultyFactory, holdTables, openPlain, type FaultyFactory } from '../storage/faultyFactory.js'

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

const storageOn = (factory: FaultyFactory, limits = { openTimeoutMs: 100, writeTimeoutMs: 300 }) => dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, ...limits })
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

  it('is no obstacle to stopping', async () => {
    const factory = faultyFactory()
    await openPlain(factory, 'readback/ada', 1)
    const { client } = makeClient(storageOn(factory))
    await client.start()
    await client.stop()
    await expect(client.send(PAIR.id, say('x'))).rejects.toMatchObject({ code: 'client/notStarted' })
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
    await vi.waitFor(() => expect(errors).toEqual(['storage/evicted']), 5_000)
    await vi.waitFor(() => expect(shown()).toEqual(['1', '2', '3']), 8_000)
    await vi.waitFor(() => expect(unread(client)).toEqual({ count: 1, exact: true }), 5_000)
    await client.send(PAIR.id, say('4'))
    await vi.waitFor(() => expect(shown()).toEqual(['1', '2', '3', '4']))
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

/** Every verb that touches the database, with arguments that are good. */
const VERBS: Readonly<Record<string, (client: ChatClient, message: Message) => Promise<unknown>>> = {
  ensureConversation: (client) => client.ensureConversation({ ...PAIR, id: 'other' }),
  getMembers: (client) => client.getMembers(PAIR.id),
  send: (client) => client.send(PAIR.id, say('x')),
  retry: (client) => client.retry(PAIR.id, 'none'),
  discard: (client) => client.discard(PAIR.id, 'none'),
  recall: (client, { ids }) => client.recall(PAIR.id, ids[0]!),
  edit: (client, { ids }) => client.edit(PAIR.id, ids[0]!, { kind: 'text', text: 'y' }),
  'delete for me': (client, { ids }) => client.delete(PAIR.id, ids[0]!, { for: 'me' }),
  'delete for all': (client, { ids }) => client.delete(PAIR.id, ids[0]!, { for: 'all' }),
  react: (client, { ids }) => client.react(PAIR.id, ids[0]!, '+', true),
  getMessage: (client, { ids }) => client.getMessage(PAIR.id, ids[0]!),
  openAt: (client) => client.openAt(PAIR.id, 'newest'),
  readers: (client, message) => client.readers(message, { limit: 5 }),
  markRead: (client, message) => client.markRead([{ ...message, from: 'bo' }]),
  clearUnread: (client) => client.clearUnread(PAIR.id),
  setDraft: (client) => client.setDraft(PAIR.id, 'draft'),
  setReceipts: (client) => client.setReceipts('private'),
  publishEarlier: (client) => client.publishEarlier(PAIR.id),
  diagnostics: (client) => client.diagnostics(),
}

/** Trouble that begins while the client runs. Returns how it ends. */
const TROUBLES: Readonly<Record<string, (factory: FaultyFactory) => (() => void) | Promise<() => unknown>>> = {
  'no room': (factory) => {
    factory.onTransaction = (transaction) => {
      if (transaction.mode !== 'readwrite') return
      abortAfter(transaction, 'put', 'QuotaExceededError')
      abortAfter(transaction, 'add', 'QuotaExceededError')
    }
    return () => (factory.onTransaction = null)
  },
  'server lost, again and again': (factory) => {
    factory.onTransaction = (transaction) => queueMicrotask(() => abortFor(transaction, 'UnknownError'))
    return () => (factory.onTransaction = null)
  },
  'closed, and refusing to open': (factory) => {
    forceCloseDatabase(factory.handles.at(-1) as never)
    factory.onOpen = () => failedRequest('UnknownError')
    return () => (factory.onOpen = null)
  },
  'a handle that begins no transaction': (factory) => {
    factory.onTransaction = () => {
      throw new DOMException('The database connection is closing.', 'InvalidStateError')
    }
    return () => (factory.onTransaction = null)
  },
  'tables held by a frozen tab': async (factory) => holdTables(await openPlain(factory, 'readback/ada')),
}

describe.each(Object.entries(TROUBLES))('[I27] %s', (_, begin) => {
  it('every verb settles, with a result or a code, and the client is whole when it is over', async () => {
    const factory = faultyFactory()
    const hub = memoryHub()
    const { client } = makeClient(storageOn(factory, { openTimeoutMs: 3_000, writeTimeoutMs: 300 }), hub)
    await client.ensureConversation(PAIR)
    await client.start()
    await client.send(PAIR.id, say('before'))
    const source = client.messages(PAIR.id)
    source.subscribe(() => {})
    const message = await vi.waitFor(() => {
      const [row] = source.getSnapshot().messages
      expect(row?.at).toBeTruthy()
      return row!
    })
    const end = await begin(factory)
    const outcomes = await Promise.all(Object.entries(VERBS).map(async ([verb, run]) => [verb, await run(client, message).then(() => 'done', (error: unknown) => (error instanceof ChatError ? error.code : `untyped: ${String(error)}`))]))
    for (const [verb, outcome] of outcomes) expect(`${verb} ${outcome}`).toMatch(/ (done|storage\/\w+)$/)
    expect(outcomes.find(([verb]) => verb === 'send')![1]).toMatch(/^storage\//)
    await end()
    await vi.waitFor(async () => expect(await client.send(PAIR.id, say('after'))).toBeTruthy(), { timeout: 15_000, interval: 200 })
    await vi.waitFor(() => expect(hub.log(PAIR.id).map(({ body }) => (body as { text: string }).text)).toContain('after'), { timeout: 15_000 })
    await vi.waitFor(() => expect(texts(source.getSnapshot().messages)).toContain('after'), { timeout: 5_000 })
  }, 60_000)
})

describe('[I27] no database at all', () => {
  it('every verb works in memory', async () => {
    const { client } = makeClient(dexieStorage({ indexedDB: undefined as never }))
    await client.ensureConversation(PAIR)
    await client.start()
    expect(client.getState().storage).toEqual({ status: 'memory', reason: 'unavailable' })
    await client.send(PAIR.id, say('before'))
    const source = client.messages(PAIR.id)
    source.subscribe(() => {})
    const message = await vi.waitFor(() => {
      const [row] = source.getSnapshot().messages
      expect(row?.at).toBeTruthy()
      return row!
    })
    for (const [verb, run] of Object.entries(VERBS)) await expect(run(client, message), verb).resolves.not.toThrow()
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

    factory.onOpen = () => failedRequest('UnknownError')
    const storage = dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, clock })
    const { client, errors } = makeClient(storage, hub)
    await client.ensureConversation(PAIR)
    await client.start()
    expect(client.getState().storage).toEqual({ status: 'memory', reason: 'failed' })
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
