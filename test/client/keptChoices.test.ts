/** [I34] Who is told of reading outlives the database in which it was chosen: what was read "with receipts off" is published by nobody who has lost the rows. */
import { forceCloseDatabase, IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient, type ChatStorage, type Keepsakes } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { failedRequest, faultyFactory, openPlain, putRaw, type FaultyFactory } from '../storage/faultyFactory.js'

const NAME = 'readback/ada/receipts'
const CONVERSATIONS = ['pair', 'open', 'quiet'] as const
const running: ChatClient[] = []
afterEach(async () => {
  await Promise.allSettled(running.splice(0).map((client) => client.dispose()))
})

function keepsakes(): Keepsakes & { readonly map: Map<string, string> } {
  const map = new Map<string, string>()
  return { map, get: (key) => map.get(key) ?? null, set: (key, value) => void map.set(key, value), remove: (key) => void map.delete(key) }
}

/** A back end with three conversations, in each of which somebody writes. */
async function backEnd() {
  const hub = memoryHub()
  for (const id of CONVERSATIONS) {
    await hub.ensureConversation({ id, kind: 'direct', members: ['ada', 'bo'] })
    await hub.post({ conversationId: id, from: 'bo', body: 'first' })
  }
  const published = (id: string) => hub.readStates(id, 'bo').filter(({ by, visibility }) => by === 'ada' && visibility === 'published')
  return { hub, published }
}

async function visit(hub: ReturnType<typeof memoryHub>, storage: ChatStorage, kept: Keepsakes | null) {
  const client = createChatClient({ userId: 'ada', transport: hub.transport(), storage, policy: { flushMs: 5, maxFlushMs: 10 }, ports: { locks: null, openChannel: () => null, keepsakes: kept } })
  running.push(client)
  await client.start()
  await vi.waitFor(() => expect(client.getState().conversations).toHaveLength(CONVERSATIONS.length), 5_000)
  return client
}

/** Reads everything that is there, and waits until all reports have left. */
async function readAll(client: ChatClient): Promise<void> {
  for (const id of CONVERSATIONS) {
    const source = client.messages(id)
    const stop = source.subscribe(() => {})
    await vi.waitFor(() => expect(source.getSnapshot().messages.length).toBeGreaterThan(0), 5_000)
    await client.markRead(source.getSnapshot().messages)
    stop()
  }
  await vi.waitFor(async () => expect((await client.diagnostics()).outbox).toEqual([]), 5_000)
}

const settings = (client: ChatClient) => [client.getState().receipts, ...CONVERSATIONS.map((id) => client.getState().conversations.find((each) => each.id === id)?.receipts)]
const storageOn = (factory: FaultyFactory) => dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange })
const evict = (factory: FaultyFactory) => new Promise<void>((resolve) => (factory.plain.deleteDatabase('readback/ada').onsuccess = () => resolve()))

/** `off` for all but `open`, which is public, and `quiet`, which tells only of delivery. */
async function choose(client: ChatClient): Promise<void> {
  await client.setReceipts('off')
  await client.setReceipts('public', 'open')
  await client.setReceipts('private', 'quiet')
}
const CHOSEN = ['off', undefined, 'public', 'private']
/** Somebody writes, and all of it is read. */
async function readMore(hub: ReturnType<typeof memoryHub>, client: ChatClient): Promise<void> {
  for (const id of CONVERSATIONS) await hub.post({ conversationId: id, from: 'bo', body: 'more' })
  for (const id of CONVERSATIONS) {
    const source = client.messages(id)
    const stop = source.subscribe(() => {})
    await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(2), 5_000)
    stop()
  }
  await readAll(client)
}

/** A first visit in which the choice was made before anything was told. */
async function firstVisit() {
  const { hub, published } = await backEnd()
  const [factory, kept] = [faultyFactory(), keepsakes()]
  const quiet = createChatClient({ userId: 'ada', transport: hub.transport(), storage: storageOn(factory), ports: { locks: null, openChannel: () => null, keepsakes: kept } })
  running.push(quiet)
  for (const id of CONVERSATIONS) await quiet.ensureConversation({ id, kind: 'direct', members: ['ada', 'bo'] })
  return { hub, published, factory, kept, client: quiet }
}

describe('[I34] receipts that were switched off', () => {
  it('[F27] stay off when the browser threw the database away between two visits, in every conversation as it was', async () => {
    const { hub, published, factory, kept } = await firstVisit()
    const first = await visit(hub, storageOn(factory), kept)
    await choose(first)
    await first.stop()
    const before = published('pair')
    await evict(factory)
    const second = await visit(hub, storageOn(factory), kept)
    expect(settings(second)).toEqual(CHOSEN)
    await readMore(hub, second)
    expect(published('pair')).toEqual(before)
    expect(CONVERSATIONS.filter((id) => published(id).some(({ kind }) => kind === 'read'))).toEqual(['open'])
    // The rows decide again, so that a new choice holds, and is kept in its turn.
    await second.setReceipts(null, 'quiet')
    await second.setReceipts('private')
    await second.stop()
    await evict(factory)
    const third = await visit(hub, storageOn(factory), kept)
    expect(settings(third)).toEqual(['private', undefined, 'public', undefined])
  }, 30_000)

  it('[F26] stay off when it was thrown away under an open page, also for what comes in the same moment', async () => {
    const { hub, published, factory, kept } = await firstVisit()
    const client = await visit(hub, storageOn(factory), kept)
    await choose(client)
    await readAll(client)
    const before = published('pair')
    forceCloseDatabase(factory.handles.at(-1) as never)
    const gone = evict(factory)
    await hub.post({ conversationId: 'pair', from: 'bo', body: 'more' })
    await gone
    await vi.waitFor(() => expect(settings(client)).toEqual(CHOSEN), 8_000)
    const source = client.messages('pair')
    source.subscribe(() => {})
    await vi.waitFor(() => expect(source.getSnapshot().messages).toHaveLength(2), 8_000)
    await readAll(client)
    expect(published('pair')).toEqual(before)
    expect(published('pair').some(({ kind }) => kind === 'read')).toBe(false)
  }, 30_000)

  it.each([['refuses to open', 'failed'], ['is none', 'unavailable']] as const)('[F35] stay off where the database %s, and the client goes on in memory', async (_, reason) => {
    const { hub, published, factory, kept } = await firstVisit()
    const first = await visit(hub, storageOn(factory), kept)
    await choose(first)
    await first.stop()
    const before = published('pair')
    factory.onOpen = () => failedRequest('SecurityError')
    const second = await visit(hub, reason === 'failed' ? storageOn(factory) : dexieStorage({ indexedDB: undefined as never }), kept)
    expect(second.getState().storage).toEqual({ status: 'memory', reason })
    expect(settings(second)).toEqual(CHOSEN)
    await readMore(hub, second)
    expect(published('pair')).toEqual(before)
  }, 30_000)

  it('in memory, by a page that was gone before the database could be opened again, are off in the database too', async () => {
    const { hub, factory, kept } = await firstVisit()
    const first = await visit(hub, storageOn(factory), kept)
    await first.stop()
    factory.onOpen = () => failedRequest('SecurityError')
    const second = await visit(hub, storageOn(factory), kept)
    await choose(second)
    await second.stop()
    factory.onOpen = null
    const third = await visit(hub, storageOn(factory), kept)
    expect(settings(third)).toEqual(CHOSEN)
    await third.setReceipts('public')
    await third.stop()
    const fourth = await visit(hub, storageOn(factory), kept)
    expect(settings(fourth)).toEqual(['public', undefined, 'public', 'private'])
  }, 30_000)

  it('before there was a place beside the database are kept there from the next start on', async () => {
    const { hub, factory, kept } = await firstVisit()
    const first = await visit(hub, storageOn(factory), null)
    await choose(first)
    await first.stop()
    const raw = await openPlain(factory, 'readback/ada')
    raw.transaction(['meta'], 'readwrite').objectStore('meta').delete('choices')
    raw.close()
    const second = await visit(hub, storageOn(factory), kept)
    await second.stop()
    await evict(factory)
    expect(settings(await visit(hub, storageOn(factory), kept))).toEqual(CHOSEN)
  }, 30_000)
})

describe('what is kept of it beside the database', () => {
  it('goes with a wipe, stays with a sign-out that keeps, and is nothing where nobody chose', async () => {
    const { hub, factory, kept } = await firstVisit()
    const first = await visit(hub, storageOn(factory), kept)
    expect(kept.map.has(NAME)).toBe(false)
    await choose(first)
    await first.signOut({ data: 'keep' })
    expect(kept.map.has(NAME)).toBe(true)
    const second = await visit(hub, storageOn(factory), kept)
    await second.signOut({ data: 'wipe' })
    expect(kept.map.size).toBe(0)
    expect(settings(await visit(hub, storageOn(factory), kept))).toEqual(['public', undefined, undefined, undefined])
  }, 30_000)

  it('is nothing for rows that are meant to live in memory', async () => {
    const { hub } = await backEnd()
    const kept = keepsakes()
    await choose(await visit(hub, memoryStorage(), kept))
    expect(kept.map.size).toBe(0)
  })

  it.each([['{"own":', 'half of it'], ['7', 'a number'], ['{"own":"loud","here":[["pair","x"]],"rest":5}', 'no words of ours']])('tells nobody where it cannot be read (%s), and is not asked while the rows are there', async (text) => {
    const { hub, factory, kept } = await firstVisit()
    const first = await visit(hub, storageOn(factory), kept)
    await first.setReceipts('private')
    await first.stop()
    kept.set(NAME, text)
    const second = await visit(hub, storageOn(factory), kept)
    expect(settings(second)).toEqual(['private', undefined, undefined, undefined])
    await second.stop()
    kept.set(NAME, text)
    await evict(factory)
    const third = await visit(hub, storageOn(factory), kept)
    expect(settings(third).every((setting) => setting === 'off')).toBe(true)
  }, 30_000)

  it('is small however many conversations have a setting; those without room have the strictest of them', async () => {
    const { hub, factory, kept } = await firstVisit()
    const first = await visit(hub, storageOn(factory), kept)
    await first.stop()
    const raw = await openPlain(factory, 'readback/ada')
    const blank = { kind: 'direct', head: null, lastMessage: null, lastActivityAt: 0, unread: { count: 0, exact: true }, manualUnread: { rev: 0, on: false }, rosterComplete: true }
    await putRaw(raw, 'conversations', Array.from({ length: 2_000 }, (_, n) => ({ ...blank, id: `c${n}`, receipts: n % 2 ? 'private' : 'public' })))
    raw.close()
    const second = createChatClient({ userId: 'ada', transport: hub.transport(), storage: storageOn(factory), ports: { locks: null, openChannel: () => null, keepsakes: kept } })
    running.push(second)
    await second.start()
    await second.setReceipts('off', 'quiet')
    await second.stop()
    const text = kept.get(NAME)!
    expect(text.length).toBeLessThan(8_200)
    await evict(factory)
    const third = await visit(hub, storageOn(factory), kept)
    expect(settings(third)).toEqual(['public', 'private', 'private', 'off'])
  }, 30_000)
})
