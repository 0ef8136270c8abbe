/** Somebody writes at the moment in which the connection comes back, before the wire has answered what was missed: what lies before it is fetched, or known to be missing. */
import { createChatClient, TransportError, type ChatClient, type ChatStorage, type HistoryPage, type HistoryQuery, type IncomingConversation, type IncomingMessage, type Paged, type Point, type TransportCapabilities, type TransportEvent } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { storeEnsured } from '../../src/sync/ensure.js'
import { mergeRemembered } from '../../src/sync/mergeRemembered.js'
import { contextOf } from './contextOf.js'
import { POINT, RANGES } from './oneReader.js'
import { scriptedTransport } from './scriptedTransport.js'

const running: ChatClient[] = []
afterEach(() => Promise.all(running.splice(0).map((client) => client.dispose())))

const at = (order: number): Point => ({ epoch: 0, order, id: `m${order}` })
const member = (userId: string) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] })
const missingOf = (storage: ChatStorage, id = 'c') => storage.read(async (tx) => ((await tx.meta.get<{ missing: unknown }>(`neverCame ${id}`))?.missing))

/** The same object every time, as a wire may tell it. */
const ONLINE: TransportEvent = { type: 'state', state: { status: 'online' } }

type Caps = Partial<TransportCapabilities>
const SPARSE: Caps = { dense: false, inOrder: true, read: RANGES, delivered: RANGES }
const POSITIONS: Caps = { ...SPARSE, read: POINT, delivered: POINT }
const DENSE: Caps = { ...SPARSE, dense: true }

/** A server that replays nothing; what it is asked for it tells when it is let. */
function server(caps: Caps) {
  const logs = new Map<string, IncomingMessage[]>()
  const asked: string[] = []
  const waiting: { readonly answer: () => HistoryPage; readonly resolve: (page: HistoryPage) => void; page: HistoryPage }[] = []
  let held: readonly string[] = []
  let refusal: TransportError | null = null
  const write = (conversationId = 'c') => {
    const log = logs.get(conversationId) ?? []
    const order = log.length + 1
    const message: IncomingMessage = { conversationId, id: `m${order}`, at: at(order), from: 'bo', localId: `${conversationId} ${order}`, time: order, body: { kind: 'text', text: `${order}` } }
    logs.set(conversationId, [...log, message])
    return message
  }
  const page = (id: string, { before, limit }: HistoryQuery): HistoryPage => {
    const messages = logs.get(id)!.filter(({ at: place }) => !before || place.order < before.order).slice(-limit)
    return { messages, contiguousTo: (messages[0]?.at.order ?? 1) > 1 ? messages[0]!.at : null }
  }
  const connect = () => Object.assign(scriptedTransport({ catchUp: 'none', receiptsCatchUp: 'none', conversations: true, history: true, members: false, ...caps }), {
    ...(caps.conversations === false ? {} : { conversations: async (): Promise<Paged<IncomingConversation>> => ({ items: [...logs].map(([id, log]) => ({ id, kind: 'group', head: log.at(-1)!.at, members: ['me', 'bo'].map(member), rosterComplete: true })) }) }),
    async history(id: string, query: HistoryQuery) {
      asked.push(id)
      if (refusal) throw refusal
      const answer = () => page(id, query)
      return held.includes(id) ? new Promise<HistoryPage>((resolve) => waiting.push({ answer, resolve, page: answer() })) : answer()
    },
  })
  return {
    write, asked, connect,
    hold: (...ids: readonly string[]) => void (held = ids),
    /** The answers as they are now are on their way. */
    answer() {
      for (const each of waiting) each.page = each.answer()
    },
    /** They arrive, as they were then, or else when it was asked. */
    release: () => {
      held = []
      for (const each of waiting.splice(0)) each.resolve(each.page)
    },
    /** What is under way is never answered. */
    lose(from: number) {
      logs.set('c', logs.get('c')!.slice(0, from - 1))
      held = []
      waiting.length = 0
    },
    refuse: (error: TransportError | null) => void (refusal = error),
    isAsked: (times: number) => vi.waitFor(() => expect(asked.length).toBeGreaterThanOrEqual(times)),
  }
}

async function device(wire: ReturnType<ReturnType<typeof server>['connect']>, storage = memoryStorage()) {
  const client = createChatClient({ userId: 'me', transport: wire, storage, policy: { flushMs: 1, maxFlushMs: 2 }, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  const source = client.messages('c')
  source.subscribe(() => {})
  await client.start()
  await vi.waitFor(() => expect(source.getSnapshot().messages.length).toBeGreaterThan(0))
  const orders = () => source.getSnapshot().messages.map((row) => row.at!.order)
  const told = (kind: string, order: number) => wire.reports.some((report) => report.kind === kind && report.visibility === 'published' && ((report.upTo?.order ?? 0) >= order || report.ranges.some(({ from, to }) => from.order <= order && order <= to.order)))
  return {
    client, wire, source, storage, orders,
    shows: (...expected: readonly number[]) => vi.waitFor(() => expect(orders()).toEqual(expected), 5_000),
    unread: () => client.getState().conversations.find(({ id }) => id === 'c')?.unread,
    offline: () => wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } }),
    online: () => wire.emit(ONLINE),
    bring: (message: IncomingMessage) => wire.emit({ type: 'message', message }),
    isCaughtUp: () => vi.waitFor(async () => expect(await missingOf(storage)).toBeUndefined(), 5_000),
    /** Who sees the first and the last of what is on screen. */
    async readEnds() {
      const rows = source.getSnapshot().messages
      await client.markRead([rows[0]!, rows.at(-1)!])
      await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.count('receipt'))).toBe(0), 5_000)
    },
    async readAll() {
      const newest = orders().at(-1)!
      await client.markRead(source.getSnapshot().messages)
      await vi.waitFor(() => expect(told('read', newest)).toBe(true))
    },
    /** Of messages that are not here. */
    async lies(newest: number) {
      const here = await storage.read((tx) => tx.messages.page({ conversationId: 'c', limit: 500 }))
      const absent = Array.from({ length: newest }, (_, n) => n + 1).filter((order) => !here.some((row) => row.at!.order === order))
      return { absent: absent.length, delivered: absent.filter((order) => told('delivered', order)), read: absent.filter((order) => told('read', order)) }
    },
    told,
  }
}

/** A device that has asked for all that its wire has, and knows of no conversation. */
async function caughtUp(wire: ReturnType<ReturnType<typeof server>['connect']>) {
  const storage = memoryStorage()
  const client = createChatClient({ userId: 'me', transport: wire, storage, policy: { flushMs: 1, maxFlushMs: 2 }, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  await client.start()
  await vi.waitFor(() => expect(client.getState().caughtUp).toBe(true))
  return { storage, client }
}

/** Read up to the first message, away for as many as are missed, and back with another one that comes by itself before anything is answered. */
async function scene(caps: Caps, missed: number) {
  const there = server(caps)
  there.write()
  const here = await device(there.connect())
  await here.readEnds()
  here.offline()
  for (let n = 0; n < missed; n += 1) there.write()
  there.hold('c')
  const before = there.asked.length
  here.online()
  here.bring(there.write())
  await here.shows(1, missed + 2)
  if (missed > 0) await there.isAsked(before + 1)
  return { there, here, before }
}

describe.each([['not consecutive', SPARSE], ['not consecutive, told by positions', POSITIONS], ['consecutive', DENSE]] as const)('numbers that are %s', (_title, numbers) => {
  describe.each(['none', 'queue'] as const)('over a wire that replays by %s', (catchUp) => {
    it('[RS13] [RS17] [RS18] until it is answered what was missed is known to be missing, and nothing is cut off on screen', async () => {
      const { here } = await scene({ ...numbers, catchUp }, 1)
      expect(here.unread()).toEqual({ count: 1, exact: false })
      expect(here.source.getSnapshot().hasOlder).toBe(false)
      await here.readEnds()
      expect(await here.lies(3)).toEqual({ absent: 1, delivered: [], read: [] })
      expect(here.unread()?.exact).toBe(false)
    })

    it('[RS41] [RS17] what was missed is fetched, and a position moves on once it is read', async () => {
      const { there, here } = await scene({ ...numbers, catchUp }, 2)
      await here.readEnds()
      there.release()
      await here.shows(1, 2, 3, 4)
      await here.isCaughtUp()
      expect(here.unread()).toEqual({ count: 2, exact: true })
      expect(here.told('read', 2)).toBe(false)
      await here.client.markRead(here.source.getSnapshot().messages)
      await vi.waitFor(() => expect([2, 3, 4].map((order) => here.told('read', order))).toEqual([true, true, true]))
    })

    it('[RS18] what does not fit into a page is missing history, which is loaded by whoever scrolls there', async () => {
      const { there, here } = await scene({ ...numbers, catchUp }, 80)
      there.release()
      await here.isCaughtUp()
      await vi.waitFor(() => expect(here.orders()[0]).toBe(33))
      expect(await here.storage.read((tx) => tx.gaps.list('c'))).toEqual([{ conversationId: 'c', after: at(1), before: at(33) }])
      await here.readEnds()
      expect(await here.lies(82)).toEqual({ absent: 31, delivered: [], read: [] })
      await here.source.loadOlder!()
      await vi.waitFor(() => expect(here.unread()?.exact).toBe(true))
    })
  })
})

it('[RS13] where numbers are consecutive and none is missing nothing is asked for', async () => {
  const { there, here, before } = await scene(DENSE, 0)
  await vi.waitFor(() => expect(here.client.getState().caughtUp).toBe(true))
  expect([here.unread(), there.asked.length]).toEqual([{ count: 1, exact: true }, before])
})

it('[RS13] [RS18] where the page is closed before the answer, nobody believes afterwards that nothing is missing, and it is asked for again', async () => {
  const { there, here } = await scene(SPARSE, 1)
  await here.client.dispose()
  const wire = there.connect()
  const offline = await device(Object.assign(wire, { connect: async () => {} }), here.storage)
  expect([offline.orders(), offline.unread()]).toEqual([[1, 3], { count: 1, exact: false }])
  await offline.client.markRead(offline.source.getSnapshot().messages)
  there.release()
  offline.online()
  await offline.shows(1, 2, 3)
  await offline.isCaughtUp()
  await vi.waitFor(() => expect(offline.told('read', 3)).toBe(true))
  expect(offline.told('read', 2)).toBe(false)
  expect(offline.unread()).toEqual({ count: 1, exact: true })
})

it('[RS18] another absence before the first was answered: both are known to be missing, and both are fetched', async () => {
  const { there, here } = await scene(SPARSE, 1)
  here.offline()
  there.write()
  here.online()
  here.bring(there.write())
  await here.shows(1, 3, 5)
  expect(await missingOf(here.storage)).toEqual([{ after: at(1), before: at(3) }, { after: at(3), before: at(5) }])
  await here.readAll()
  expect(await here.lies(5)).toEqual({ absent: 2, delivered: [], read: [] })
  there.release()
  await here.shows(1, 2, 3, 4, 5)
  await here.isCaughtUp()
  expect(here.unread()).toEqual({ count: 2, exact: true })
})

it('[RS18] an answer to what was asked before the second says nothing of that', async () => {
  const { there, here } = await scene(SPARSE, 1)
  here.offline()
  there.write()
  there.refuse(new TransportError('transport/server', 'Not now.', { stored: 'no', retry: 'yes' }))
  const before = there.asked.length
  here.online()
  here.bring(there.write())
  await here.shows(1, 3, 5)
  await there.isAsked(before + 1)
  there.release()
  await here.shows(1, 2, 3, 5)
  expect(here.unread()).toEqual({ count: 3, exact: false })
  await here.readAll()
  expect(await here.lies(5)).toEqual({ absent: 1, delivered: [], read: [] })
  there.refuse(null)
  await here.shows(1, 2, 3, 4, 5)
  await here.isCaughtUp()
})

it('[RS41] [RS18] nor does one that comes before anything comes by itself', async () => {
  const { there, here } = await scene(SPARSE, 1)
  here.offline()
  there.write()
  there.answer()
  there.write()
  there.refuse(new TransportError('transport/server', 'Not now.', { stored: 'no', retry: 'yes' }))
  const before = there.asked.length
  here.online()
  await there.isAsked(before + 1)
  there.release()
  await here.shows(1, 2, 3, 4)
  here.bring(there.write())
  await here.shows(1, 2, 3, 4, 6)
  await here.readAll()
  expect(await here.lies(6)).toEqual({ absent: 1, delivered: [], read: [] })
})

it('[RS18] what comes between two connections comes after what was missed', async () => {
  const there = server(SPARSE)
  there.write()
  const here = await device(there.connect())
  await vi.waitFor(() => expect(here.client.getState().caughtUp).toBe(true))
  here.offline()
  there.write()
  here.bring(there.write())
  await here.shows(1, 3)
  expect(here.unread()).toEqual({ count: 2, exact: false })
  here.online()
  await here.shows(1, 2, 3)
  await here.isCaughtUp()
})

it('[RS43] [RS18] a conversation that is new, or that the wire cannot tell of now, is asked for as well', async () => {
  const { there, here } = await scene(SPARSE, 1)
  there.write('d')
  const message = there.write('d')
  here.bring(message)
  await vi.waitFor(async () => expect(await missingOf(here.storage, 'd')).toEqual([{ after: null, before: at(2) }]))
  there.release()
  await vi.waitFor(async () => expect(await here.storage.read((tx) => tx.messages.page({ conversationId: 'd', limit: 9 }))).toHaveLength(2))
  await vi.waitFor(async () => expect(await missingOf(here.storage, 'd')).toBeUndefined())
  // And what begins after all was asked for has nothing before it.
  await here.isCaughtUp()
  here.bring(there.write('e'))
  await vi.waitFor(async () => expect(await here.storage.read((tx) => tx.messages.page({ conversationId: 'e', limit: 9 }))).toHaveLength(1))
  expect(await missingOf(here.storage, 'e')).toBeUndefined()
})

it('[RS41] [RS17] where nothing was missed a position moves on as soon as that is known', async () => {
  const { there, here } = await scene(POSITIONS, 0)
  await here.client.markRead(here.source.getSnapshot().messages)
  await vi.waitFor(async () => expect(await here.storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
  expect([here.told('read', 1), here.told('read', 2)]).toEqual([true, false])
  there.release()
  await vi.waitFor(() => expect(here.told('read', 2)).toBe(true))
  expect(here.unread()).toEqual({ count: 0, exact: true })
})

it('what comes after the answer of its own conversation has nothing missing before it, though others still wait for theirs', async () => {
  const there = server(SPARSE)
  there.write()
  there.write('d')
  const here = await device(there.connect())
  await vi.waitFor(() => expect(here.client.getState().caughtUp).toBe(true))
  here.offline()
  there.write()
  there.write('d')
  there.hold('d')
  here.online()
  await here.shows(1, 2)
  await vi.waitFor(() => expect(there.asked.at(-1)).toBe('d'))
  here.bring(there.write())
  await here.shows(1, 2, 3)
  expect([here.unread(), await missingOf(here.storage)]).toEqual([{ count: 3, exact: true }, undefined])
})

it('[RS18] where a wire tells nothing of a conversation nothing that comes by itself is taken for all', async () => {
  const there = server(SPARSE)
  there.write()
  const here = await device(there.connect())
  await vi.waitFor(() => expect(here.client.getState().caughtUp).toBe(true))
  here.offline()
  there.write()
  there.refuse(new TransportError('transport/forbidden', 'Not to you.', { stored: 'no', retry: 'no' }))
  here.online()
  await vi.waitFor(async () => expect((await here.client.diagnostics()).dropped).toEqual({ 'catchUp/transport/forbidden': 1 }))
  here.bring(there.write())
  await here.shows(1, 3)
  expect(await missingOf(here.storage)).toEqual([{ after: at(1), before: at(3) }])
})

it('[RS18] while a wire limits its rate nothing that comes by itself is taken for all', async () => {
  const there = server(SPARSE)
  there.write()
  const here = await device(there.connect())
  here.offline()
  there.write()
  there.refuse(new TransportError('transport/rateLimited', 'Later.', { stored: 'no', retry: { afterMs: 300 } }))
  const before = there.asked.length
  here.online()
  await there.isAsked(before + 1)
  await vi.waitFor(() => expect(here.client.getState().caughtUp).toBe(true))
  here.bring(there.write())
  here.bring(there.write())
  await here.shows(1, 3, 4)
  expect(await missingOf(here.storage)).toEqual([{ after: at(1), before: at(3) }])
  there.refuse(null)
  await here.shows(1, 2, 3, 4)
  await here.isCaughtUp()
})

it('[RS18] nor is it in a conversation that could not be asked about for that', async () => {
  const there = server(SPARSE)
  for (const id of ['c', 'd', 'd']) there.write(id)
  const here = await device(there.connect())
  const other = here.client.messages('d')
  other.subscribe(() => {})
  await vi.waitFor(() => expect(other.getSnapshot().messages).toHaveLength(2))
  here.offline()
  for (const id of ['c', 'd']) there.write(id)
  there.refuse(new TransportError('transport/rateLimited', 'Later.', { stored: 'no', retry: { afterMs: 300 } }))
  const before = there.asked.length
  here.online()
  await vi.waitFor(() => expect(here.client.getState().caughtUp).toBe(true))
  await there.isAsked(before + 1)
  expect(there.asked.slice(before)).toEqual(['d'])
  here.bring(there.write())
  await here.shows(1, 3)
  expect(await missingOf(here.storage)).toEqual([{ after: at(1), before: at(3) }])
  there.refuse(null)
  await here.shows(1, 2, 3)
})

it('[RS52] [RS18] where the server lost its tail before it answered, nothing is told over what was lost', async () => {
  const { there, here } = await scene(SPARSE, 1)
  here.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await vi.waitFor(async () => expect(await here.storage.read((tx) => tx.meta.get('lostEnds c'))).toBeDefined())
  here.offline()
  there.lose(2)
  here.online()
  await here.isCaughtUp()
  expect(here.orders()).toEqual([1, 3])
  await here.readAll()
  expect([2, 3].map((order) => here.told('read', order))).toEqual([false, true])
})

it('[RS13] also where single messages are acknowledged the count is inexact until it is answered', async () => {
  const { there, here } = await scene({ ...SPARSE, read: { direct: 'message', group: 'message' } }, 1)
  expect(here.unread()).toEqual({ count: 1, exact: false })
  there.release()
  await here.shows(1, 2, 3)
  await vi.waitFor(() => expect(here.unread()).toEqual({ count: 2, exact: true }))
})

it('of too many to ask for, what comes by itself has nothing missing after it', async () => {
  const there = server({ ...SPARSE, conversations: false, delivered: { direct: 'none', group: 'none' } })
  const storage = memoryStorage()
  const names = Array.from({ length: 104 }, (_, n) => `c${n}`)
  for (const id of [...names, 'c']) there.write(id)
  const wire = there.connect()
  const client = createChatClient({ userId: 'me', transport: wire, storage, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  for (const id of names) await client.ensureConversation({ id, kind: 'group', members: ['me', 'bo'] })
  there.hold(...names)
  await client.start()
  await there.isAsked(1)
  for (const id of names) wire.emit({ type: 'message', message: there.write(id) })
  await vi.waitFor(async () => expect(await missingOf(storage, 'c103')).toBeDefined())
  there.release()
  await vi.waitFor(() => expect(client.getState().caughtUp).toBe(true), 5_000)
  const left = names.find((id) => !there.asked.includes(id))!
  expect(await storage.read((tx) => tx.gaps.list(left))).toEqual([{ conversationId: left, after: null, before: at(2) }])
  wire.emit({ type: 'message', message: there.write(left) })
  await vi.waitFor(async () => expect(await storage.read((tx) => tx.messages.page({ conversationId: left, limit: 9 }))).toHaveLength(2))
  expect(await storage.read((tx) => tx.gaps.list(left))).toHaveLength(1)
})

it('[RS18] of connections without an answer the oldest are noted together', async () => {
  const { there, here } = await scene(SPARSE, 1)
  there.refuse(new TransportError('transport/forbidden', 'Not to you.', { stored: 'no', retry: 'no' }))
  for (let order = 5; order <= 109; order += 2) {
    here.offline()
    there.write()
    here.online()
    here.bring(there.write())
    await vi.waitFor(() => expect(here.orders().at(-1)).toBe(order))
  }
  const missing = (await missingOf(here.storage)) as { after: Point; before: Point }[]
  expect([missing.length, missing[0], missing.at(-1)]).toEqual([50, { after: at(1), before: at(11) }, { after: at(107), before: at(109) }])
})

it('[I28] [RS18] what a time in memory knows to be missing is known to the database', async () => {
  const [database, memory] = [memoryStorage(), memoryStorage()]
  const transport = server({ ...SPARSE, catchUp: 'queue' }).connect()
  const there = { ...contextOf('me', database), transport }
  const here = { ...contextOf('me', memory), transport }
  for (const [ctx, order] of [[there, 3], [here, 6]] as const) {
    await ctx.storage.open('me')
    await storeEnsured(ctx, { id: 'c', kind: 'group', members: ['me', 'bo'] })
    await ctx.storage.write((tx) => tx.messages.put([{ conversationId: 'c', ids: [`m${order}`], at: at(order), from: 'bo', localId: `l${order}`, time: order, body: { kind: 'text', text: 'hi' } }]))
  }
  await memory.write((tx) => tx.meta.put('neverCame c', { missing: [{ after: null, before: at(6) }] }))
  await mergeRemembered(there, memory)
  expect(await missingOf(database)).toEqual([{ after: at(3), before: at(6) }])
  expect(await database.read((tx) => tx.conversations.get('c'))).toMatchObject({ unread: { count: 2, exact: false } })
})

it.each(['none', 'queue'] as const)('[RS13] [RS18] what was said before in a conversation that comes by itself, and that nobody lists, is missing history (replayed by %s)', async (catchUp) => {
  const there = server({ ...SPARSE, catchUp, conversations: false })
  for (let n = 0; n < 3; n += 1) there.write()
  const wire = there.connect()
  const { storage, client } = await caughtUp(wire)
  wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', members: ['me', 'bo'].map(member), rosterComplete: true } })
  await vi.waitFor(async () => expect(await storage.read((tx) => tx.gaps.list('c'))).toEqual([{ conversationId: 'c', after: null, before: null }]))
  wire.emit({ type: 'message', message: there.write() })
  const source = client.messages('c')
  source.subscribe(() => {})
  await vi.waitFor(() => expect(source.getSnapshot()).toMatchObject({ status: 'ready', hasOlder: true }))
  expect(await storage.read((tx) => tx.gaps.list('c'))).toEqual([{ conversationId: 'c', after: null, before: at(4) }])
  expect(client.getState().conversations[0]?.unread).toEqual({ count: 1, exact: false })
  await source.loadOlder!()
  expect(source.getSnapshot().messages.map((row) => row.at?.order)).toEqual([1, 2, 3, 4])
  expect(await storage.read((tx) => tx.gaps.list('c'))).toEqual([])
})

it.each([[POSITIONS, true], [POSITIONS, false], [SPARSE, false]] as const)('[RS43] [RS17] [RS18] so is what was said before in a conversation that the app makes known while it is connected, and the back end had', async (caps, conversations) => {
  const there = server({ ...caps, conversations })
  const wire = Object.assign(there.connect(), { ensureConversation: async () => {} })
  const { storage, client } = await caughtUp(wire)
  for (let n = 0; n < 3; n += 1) there.write()
  await client.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'bo'] })
  wire.emit({ type: 'message', message: there.write() })
  await vi.waitFor(async () => expect(await client.getMessage('c', 'm4')).not.toBeNull())
  await client.markRead([(await client.getMessage('c', 'm4'))!])
  await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
  expect(wire.reports.filter(({ kind, upTo }) => kind === 'read' && upTo !== null)).toEqual([])
  const source = client.messages('c')
  source.subscribe(() => {})
  await vi.waitFor(() => expect(source.getSnapshot()).toMatchObject({ status: 'ready', hasOlder: true }))
  await source.loadOlder!()
  expect(source.getSnapshot().messages.map((row) => row.at?.order)).toEqual([1, 2, 3, 4])
})

it.each([['before what comes in it', [20]], ['with it', []]] as const)('[RS13] [RS17] so is what was said before in a conversation that the wire names once it has told them all, with a newest message (%s)', async (_title, pause) => {
  const there = server(POSITIONS)
  const wire = there.connect()
  const { storage, client } = await caughtUp(wire)
  for (let n = 0; n < 3; n += 1) there.write()
  // While this is stored what follows waits, and is stored together.
  wire.emit({ type: 'conversation', conversation: { id: 'd', kind: 'group' } })
  wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', head: at(3), members: ['me', 'bo'].map(member), rosterComplete: true } })
  for (const ms of pause) await new Promise((resolve) => setTimeout(resolve, ms))
  wire.emit({ type: 'message', message: there.write() })
  await vi.waitFor(async () => expect(await client.getMessage('c', 'm4')).not.toBeNull())
  expect(client.getState().conversations.find(({ id }) => id === 'c')?.unread).toEqual({ count: 1, exact: false })
  await client.markRead([(await client.getMessage('c', 'm4'))!])
  await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
  expect(wire.reports.filter(({ kind, upTo }) => kind === 'read' && upTo !== null)).toEqual([])
})

it('[I28] [RS18] what was under way when a database died is missing behind what a time in memory has', async () => {
  const [database, memory] = [memoryStorage(), memoryStorage()]
  const transport = server({ dense: false }).connect()
  const there = { ...contextOf('me', database), transport }
  const here = { ...contextOf('me', memory), transport }
  const late = 20 * 60_000
  for (const [ctx, rows] of [[there, [[1, 0], [late, 1], [late + 2, 3]]], [here, [[2 * late, 9]]]] as const) {
    await ctx.storage.open('me')
    await storeEnsured(ctx, { id: 'c', kind: 'group', members: ['me', 'bo'] })
    await ctx.storage.write((tx) => tx.messages.put(rows.map(([time, order]) => ({ conversationId: 'c', ids: [`m${order}`], at: at(order), from: 'bo', localId: `l${order}`, time, body: { kind: 'text', text: 'hi' } }))))
  }
  await memory.write((tx) => tx.gaps.replace('c', [{ conversationId: 'c', after: null, before: at(9) }]))
  await mergeRemembered(there, memory)
  expect(await database.read((tx) => tx.gaps.list('c'))).toEqual([{ conversationId: 'c', after: at(0), before: at(9) }])
})

it.each([true, false])('[RS18] nor is what comes by itself next to what a file brought of a conversation that nobody has asked for (listed: %s)', async (conversations) => {
  const there = server({ ...SPARSE, conversations })
  const wire = there.connect()
  const { storage, client } = await caughtUp(wire)
  const { id, ...first } = there.write()
  const line = (value: unknown) => `${JSON.stringify(value)}\n`
  await client.importConversation(line({ readback: 1, conversation: { id: 'c', kind: 'group' }, gaps: [] }) + line({ message: { ids: [id], ...first } }))
  for (let n = 0; n < 3; n += 1) there.write()
  for (const message of [there.write(), there.write()]) {
    wire.emit({ type: 'message', message })
    await vi.waitFor(async () => expect(await client.getMessage('c', message.id)).not.toBeNull())
  }
  expect(await storage.read((tx) => tx.gaps.list('c'))).toEqual([{ conversationId: 'c', after: at(1), before: at(5) }])
  await client.markRead((await Promise.all(['m1', 'm5', 'm6'].map((each) => client.getMessage('c', each)))).map((row) => row!))
  await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
  expect(wire.reports.filter(({ kind }) => kind === 'read').flatMap(({ ranges }) => ranges.map(({ from, to }) => [from.order, to.order]))).toEqual([[1, 1], [5, 6]])
})
