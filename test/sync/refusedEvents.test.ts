/** What a wire brings and the database does not take: what of it can be stored is, and nothing is claimed over what is missing. A cursor behind it passes it for good. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { ChatError, createChatClient, type ChatClient, type ChatStorage, type TransportEvent } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { storablePart } from '../../src/sync/storablePart.js'
import { loadCursor } from '../../src/sync/storeEvents.js'
import { at, LATER, POINT, SPARSE, text } from './oneReader.js'
import { scriptedTransport, type ScriptedTransport } from './scriptedTransport.js'

const running: ChatClient[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((client) => client.dispose()))
})

const ack = () => {}
const member = (userId: string, more: object = {}) => ({ userId, role: 'member', intervals: [{ joinedAt: null, leftAt: null }], ...more })

async function start(storage: ChatStorage, capabilities: Parameters<typeof scriptedTransport>[0] = {}, extra: Partial<ScriptedTransport> = {}) {
  const wire = Object.assign(scriptedTransport(capabilities), extra)
  const client = createChatClient({ userId: 'me', transport: wire, storage, policy: { flushMs: 1, maxFlushMs: 2 }, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  const errors: ChatError[] = []
  client.on('error', (error) => errors.push(error))
  const source = client.messages('c')
  source.subscribe(() => {})
  await client.start()
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  const emit = (...events: object[]) => events.forEach((event) => wire.emit(event as TransportEvent))
  const bring = (...messages: object[]) => emit(...messages.map((message) => ({ type: 'message', message })))
  const cursor = async (name: string) => {
    emit({ type: 'cursor', cursor: name })
    await vi.waitFor(async () => expect(await storage.read(loadCursor)).toBe(name))
  }
  const rows = () => source.getSnapshot().messages
  return { client, wire, emit, bring, cursor, rows, source, errors, dropped: async () => (await client.diagnostics()).dropped }
}

/** A database that refuses some messages for a reason of its own. */
function refusing(inner: ChatStorage, refusal: (id: string) => unknown): ChatStorage {
  const put = (rows: readonly { readonly ids: readonly string[] }[]) => {
    for (const { ids } of rows) for (const id of ids) if (refusal(id)) throw refusal(id)
  }
  return { ...inner, get name() { return inner.name }, write: (fn, options) => inner.write((tx) => fn({ ...tx, messages: { ...tx.messages, put: async (messages) => (put(messages), tx.messages.put(messages)) } }), options) }
}

describe.each([
  ['memory', () => memoryStorage()],
  ['dexie', () => dexieStorage({ indexedDB: new IDBFactory(), IDBKeyRange })],
] as const)('a vendor’s objects, over %s', (_, makeStorage) => {
  it('messages are kept without what cannot be stored of them, and that is counted', async () => {
    const { bring, cursor, rows, errors, dropped } = await start(makeStorage())
    bring(text(1), text(2, { vendor: { raw: 'x', ack }, tag: 'kept' }), text(3, { body: { kind: 'custom', type: 'poll', data: { options: ['a'], vote: ack } } }), text(4))
    await cursor('after')
    await vi.waitFor(() => expect(rows()).toHaveLength(4))
    expect(rows()[1]).toMatchObject({ body: { text: '2' }, tag: 'kept' })
    expect(rows()[1]).not.toHaveProperty('vendor')
    expect(rows()[2]!.body).toEqual({ kind: 'custom', type: 'poll', data: { options: ['a'] } })
    expect([await dropped(), errors]).toEqual([{ 'event/partlyStored': 2 }, []])
  })

  it('so are those in which something is nested too deep to be read again', async () => {
    const { bring, cursor, rows, errors, dropped } = await start(makeStorage())
    let deep: unknown = 0
    for (let level = 0; level < 150; level += 1) deep = { deep }
    bring(text(1, { vendor: deep }), text(2, { body: { kind: 'custom', type: 'poll', data: { deep, options: ['a'] } } }))
    await cursor('after')
    await vi.waitFor(() => expect(rows()).toHaveLength(2))
    expect(rows()[0]).not.toHaveProperty('vendor')
    expect(rows()[1]!.body).toEqual({ kind: 'custom', type: 'poll', data: { options: ['a'] } })
    expect([await dropped(), errors]).toEqual([{ 'event/partlyStored': 2 }, []])
  })

  it('so are members, conversations and edits', async () => {
    const storage = makeStorage()
    const { client, emit, bring, cursor, rows, errors } = await start(storage)
    emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', leave: ack, members: [member('me'), member('ada', { call: ack })], rosterComplete: true, lastMessage: text(9, { ack }) } })
    bring(text(1))
    emit({ type: 'member', conversationId: 'c', member: member('bo', { call: ack }) }, { type: 'edited', conversationId: 'c', id: 'm1', body: { kind: 'text', text: 'edited', render: ack }, time: 99_999 })
    await cursor('after')
    await vi.waitFor(() => expect(rows()[0]?.body).toEqual({ kind: 'text', text: 'edited' }))
    expect((await storage.read((tx) => tx.members.list('c'))).map(({ userId }) => userId).toSorted()).toEqual(['ada', 'bo', 'me'])
    expect([client.getState().conversations[0]?.lastMessage?.ids, errors]).toEqual([['m9'], []])
  })

  it('one of them keeps no page of history from being stored', async () => {
    const history = async () => ({ messages: [text(1), text(2, { ack }), text(3)], contiguousTo: null })
    const { client, emit, bring, rows, dropped } = await start(makeStorage(), { history: true }, { history })
    emit({ type: 'gap', conversationId: 'c', after: null, before: at(4) })
    bring(text(4))
    await vi.waitFor(() => expect(rows()).toHaveLength(1))
    await client.messages('c').loadOlder!()
    await vi.waitFor(() => expect(rows().map(({ ids }) => ids[0])).toEqual(['m1', 'm2', 'm3', 'm4']))
    expect(await dropped()).toEqual({ 'event/partlyStored': 1 })
  })
})

it.each([
  ['[RS18] by stretches', SPARSE, new ChatError('storage/failed', 'No.')],
  ['[RS17] by a position', { dense: false, read: POINT, delivered: POINT }, new ChatError('storage/failed', 'No.')],
  ['[RS17] by a position, whatever went wrong', { dense: false, read: POINT, delivered: POINT }, new RangeError('No.')],
] as const)('%s nothing is claimed over a message that the database does not take', async (_title, capabilities, refusal) => {
  const inner = memoryStorage()
  const storage = refusing(inner, (id) => (id === 'm2' ? refusal : null))
  const { client, wire, emit, bring, cursor, rows, errors } = await start(storage, capabilities)
  emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', members: [member('me'), member('ada')], rosterComplete: true } })
  bring(text(1), text(2), text(3), LATER)
  await cursor('after')
  await vi.waitFor(() => expect(rows()).toHaveLength(3))
  await client.markRead(rows().filter(({ from }) => from !== 'me'))
  await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
  const isTold = (order: number) => wire.reports.some(({ upTo, ranges }) => (upTo !== null && upTo.order >= order) || ranges.some(({ from, to }) => from.order <= order && order <= to.order))
  expect([isTold(1), isTold(2)]).toEqual([true, false])
  expect(errors).toHaveLength(1)
  expect([errors[0]!.retryable, /come again/.test(errors[0]!.message)]).toEqual([false, false])
})

it('what cannot be noted now is tried again, with what it was noted of', async () => {
  let isBusy = true
  const busy = () => (isBusy ? new ChatError('storage/timeout', 'Busy.', { retryable: true }) : null)
  const inner = refusing(memoryStorage(), (id) => (id === 'm2' ? new ChatError('storage/failed', 'No.') : null))
  const storage: ChatStorage = { ...inner, get name() { return inner.name }, write: (fn, options) => inner.write((tx) => fn({ ...tx, meta: { ...tx.meta, put: (key, value) => (key.startsWith('holes') && busy() ? Promise.reject(busy()!) : tx.meta.put(key, value)) } }), options) }
  const { emit, bring, errors } = await start(storage)
  bring(text(2))
  emit({ type: 'cursor', cursor: 'after' })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect([await storage.read(loadCursor), errors]).toEqual([undefined, []])
  isBusy = false
  await vi.waitFor(async () => expect(await storage.read(loadCursor)).toBe('after'), 3_000)
  expect(await storage.read((tx) => tx.meta.get('holes c'))).toEqual([{ from: at(2), to: at(2) }])
  expect(errors).toHaveLength(1)
})

it('what is left of an event is found without walking through what hangs on it', () => {
  const circle: Record<string, unknown> = { ack }
  circle['body'] = circle
  circle['members'] = [circle]
  expect(storablePart({ type: 'message', message: circle })).not.toBeNull()
  expect(storablePart({ a: 1, b: [{ c: new Date(0) }] })).toBeNull()
  expect(storablePart({ a: 1, get b() { throw new Error('no') } })).toEqual({ a: 1 })
  expect(storablePart({ members: [1, ack], body: { text: 'x', other: { deep: { ack } } } })).toEqual({ body: { text: 'x' } })
  const hostile = storablePart(JSON.parse('{"body":{"__proto__":{"x":1},"text":"y"}}') as object)
  expect(hostile).toBeNull()
  expect(Object.getPrototypeOf(storablePart(Object.assign(JSON.parse('{"__proto__":{"x":1}}') as object, { ack })))).toBe(Object.prototype)
})

it('what is dropped is counted once, however often the database is tried', async () => {
  const inner = memoryStorage()
  let busy = 0
  const storage: ChatStorage = { ...inner, get name() { return inner.name }, write: async (fn, options) => {
    const done = await inner.write(fn, options)
    if (busy-- > 0) throw new ChatError('storage/timeout', 'Busy.', { retryable: true })
    return done
  } }
  const { emit, bring, cursor, dropped, errors } = await start(storage)
  await cursor('before')
  busy = 2
  bring(text(1, { body: { kind: 'text', text: 5 } }))
  emit({ type: 'receipt', by: 'ada', kind: 'read', visibility: 'ownDevices', conversationId: 'c' }, { type: 'conversation', conversation: { id: 'c', kind: 'group', lastMessage: text(2, { time: 1e21 }) } })
  await cursor('after')
  // Nor where one beside it is refused, and each is tried alone.
  bring(text(3, { editedAt: -1 }), text(4, { more: ack }))
  await cursor('last')
  expect([await dropped(), errors]).toEqual([{ 'message/malformed': 3, 'receipt/notMine': 1, 'event/partlyStored': 1 }, []])
})
