/** What a wire, or an absence, says to be missing up to what comes next: it ends where something comes, not at what was here before. */
import { createChatClient, type HistoryPage, type HistoryQuery } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { memoryHub } from 'readback/transport/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { storeEnsured } from '../../src/sync/ensure.js'
import { contextOf } from './contextOf.js'
import { at, MINUTE, POINT, SPARSE, START, start, text } from './oneReader.js'
import { scriptedTransport } from './scriptedTransport.js'

const running: { dispose(): Promise<void> }[] = []
afterEach(() => Promise.all(running.splice(0).map((client) => client.dispose())))
const gap = (after: number | null, before: number | null) => ({ conversationId: 'c', after: after === null ? null : at(after), before: before === null ? null : at(before) })

it('[RS39] [RS17] a message of mine that was answered before the absence ends nothing that is missing', async () => {
  const scene = await start({ dense: true, inOrder: true, read: POINT, delivered: POINT, catchUp: 'cursor', conversations: false })
  await scene.bring(text(1))
  scene.wire.answer = async ({ localId }) => ({ localId, id: 'm2', at: at(2), time: START + 2 })
  await scene.client.send('c', { body: { kind: 'text', text: '2' } })
  await vi.waitFor(async () => expect((await scene.client.getMessage('c', 'm2'))?.at).toEqual(at(2)))
  scene.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  scene.wire.emit({ type: 'state', state: { status: 'online' } })
  scene.wire.emit({ type: 'gap', ...gap(1, null) })
  await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.gaps.list('c'))).toEqual([gap(2, null)]))
  for (const message of [text(5), text(6, { time: START + 60 * MINUTE })]) scene.wire.emit({ type: 'message', message: message as never })
  await vi.waitFor(async () => expect(await scene.client.getMessage('c', 'm6')).not.toBeNull())
  expect(await scene.storage.read((tx) => tx.gaps.list('c'))).toEqual([gap(2, 5)])
  await scene.client.markRead((await Promise.all(['m1', 'm5', 'm6'].map((id) => scene.client.getMessage('c', id)))).map((row) => row!))
  await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
  expect([1, 3].map((order) => scene.isTold(order))).toEqual([true, false])
})

it('[RS39] [RS18] one that was stored before the absence and is answered after it ends nothing either, nor does what a cursor does not cover', async () => {
  const scene = await start({ ...SPARSE, inOrder: true, catchUp: 'cursor', conversations: false })
  await scene.bring(text(1), text(2))
  scene.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  scene.wire.emit({ type: 'state', state: { status: 'online' } })
  scene.wire.emit({ type: 'gap', ...gap(1, null) })
  await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.gaps.list('c'))).toEqual([gap(1, 2), gap(2, null)]))
  scene.wire.answer = async ({ localId }) => ({ localId, id: 'm3', at: at(3), time: START + 3 })
  await scene.client.send('c', { body: { kind: 'text', text: '3' } })
  await vi.waitFor(async () => expect((await scene.client.getMessage('c', 'm3'))?.at).toEqual(at(3)))
  scene.wire.emit({ type: 'message', message: text(9) as never })
  await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.gaps.list('c'))).toEqual([gap(1, 2), gap(2, 9)]))
})

it('what comes with it, or is fetched, ends it', async () => {
  const scene = await start({ ...SPARSE, inOrder: true, catchUp: 'cursor', conversations: false })
  await scene.bring(text(1))
  // While this is stored the others wait, and are stored together.
  scene.wire.emit({ type: 'message', message: text(1) as never })
  scene.wire.emit({ type: 'gap', ...gap(1, null) })
  scene.wire.emit({ type: 'message', message: text(5) as never })
  scene.wire.emit({ type: 'message', message: text(6) as never })
  await vi.waitFor(async () => expect(await scene.client.getMessage('c', 'm6')).not.toBeNull())
  expect(await scene.storage.read((tx) => tx.gaps.list('c'))).toEqual([gap(1, 5)])
})

it('[RS18] the memory hub, which gives back nothing of what it skips: what was said behind my last message is known to be missing', async () => {
  const hub = memoryHub({ backfill: 0, replayLimit: 1 })
  const storage = memoryStorage()
  const make = (userId: string, store = memoryStorage()) => {
    const client = createChatClient({ userId, transport: hub.transport(), storage: store, ports: { locks: null, openChannel: () => null } })
    running.push(client)
    return client
  }
  const [ada, before] = [make('ada'), make('me', storage)]
  await ada.ensureConversation({ id: 'c', kind: 'group', members: ['me', 'ada'] })
  await ada.start()
  await before.start()
  await vi.waitFor(() => expect(before.getState().caughtUp).toBe(true))
  const isHere = (client: typeof ada, order: number) => vi.waitFor(() => expect(client.getState().conversations[0]?.head?.order).toBe(order))
  await ada.send('c', { body: { kind: 'text', text: '1' } })
  await isHere(before, 1)
  await before.send('c', { body: { kind: 'text', text: '2' } })
  await isHere(before, 2)
  await before.dispose()
  for (const order of [3, 4, 5]) await ada.send('c', { body: { kind: 'text', text: `${order}` } })
  await isHere(ada, 5)
  const after = make('me', storage)
  await after.start()
  await vi.waitFor(() => expect(after.getState().caughtUp).toBe(true))
  await vi.waitFor(async () => expect((await storage.read((tx) => tx.gaps.list('c'))).map(({ after: from, before: to }) => [from?.order, to])).toEqual([[2, null]]))
})

it('[RS18] of many conversations that nobody lists: what lies behind my last message is known to be missing there as well', async () => {
  const storage = memoryStorage()
  await storage.open('me')
  const log = Array.from({ length: 100 }, (_, i) => 7 + i)
  const mine = (order: number) => (order === 10 ? { from: 'me', localId: 'mine' } : {})
  const wire = Object.assign(scriptedTransport({ ...SPARSE, inOrder: true, catchUp: 'none', receiptsCatchUp: 'none', conversations: false, history: true, members: false }), {
    history: async (id: string, { before, limit }: HistoryQuery) => {
      const all = id === 'c' ? log.filter((order) => !before || order < before.order) : []
      const page = all.slice(-limit)
      return { messages: page.map((order) => text(order, mine(order))) as never, contiguousTo: page.length < all.length ? at(page[0]!) : null }
    },
  })
  const ctx = { ...contextOf('me', storage), transport: wire }
  for (const id of ['c', ...Array.from({ length: 102 }, (_, n) => `other${n}`)]) await storeEnsured(ctx, { id, kind: 'group', members: ['me', 'ada'] })
  await storage.write(async (tx) => {
    for (const conversation of await tx.conversations.list()) if (conversation.id !== 'c') await tx.conversations.put([{ ...conversation, lastActivityAt: 5 }])
    await tx.messages.put([7, 10].map((order) => {
      const { id, ...row } = text(order, mine(order))
      return { ...row, ids: [id] }
    }))
    await tx.conversations.put([{ ...(await tx.conversations.get('c'))!, head: at(10) }])
    await tx.meta.put('answered c', at(10))
  })
  const client = createChatClient({ userId: 'me', transport: wire, storage, policy: { flushMs: 1, maxFlushMs: 2 }, ports: { locks: null, openChannel: () => null } })
  running.push(client)
  await client.start()
  await vi.waitFor(() => expect(client.getState().caughtUp).toBe(true))
  expect(await storage.read((tx) => tx.gaps.list('c'))).toEqual([gap(7, 10), gap(10, null)])
})

it('[RS40] [RS18] a page that comes after the next connection says nothing of what is missing since', async () => {
  let answer: ((page: HistoryPage) => void) | null = null
  const scene = await start({ ...SPARSE, inOrder: true, catchUp: 'cursor', receiptsCatchUp: 'replay', conversations: false, history: true, members: false }, { history: () => new Promise((resolve) => (answer = resolve)) })
  scene.wire.emit({ type: 'cursor', cursor: '1' })
  scene.wire.emit({ type: 'gap', ...gap(null, null) })
  await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.gaps.list('c'))).toEqual([gap(null, null)]))
  const source = scene.client.messages('c')
  await vi.waitFor(() => expect(source.getSnapshot().hasOlder).toBe(true))
  void source.loadOlder!()
  await vi.waitFor(() => expect(answer).not.toBeNull())
  scene.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  scene.wire.emit({ type: 'state', state: { status: 'online' } })
  scene.wire.emit({ type: 'gap', ...gap(null, 30) })
  scene.wire.emit({ type: 'message', message: text(30) as never })
  await vi.waitFor(async () => expect(await scene.client.getMessage('c', 'm30')).not.toBeNull())
  answer!({ messages: [text(8), text(9)], contiguousTo: null })
  await vi.waitFor(async () => expect(await scene.client.getMessage('c', 'm9')).not.toBeNull())
  expect(await scene.storage.read((tx) => tx.gaps.list('c'))).toEqual([gap(9, 30)])
  await scene.client.markRead((await Promise.all(['m9', 'm30'].map((id) => scene.client.getMessage('c', id)))).map((row) => row!))
  await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
  expect([9, 20, 30].map((order) => scene.isTold(order))).toEqual([true, false, true])
})

it.each([
  { side: 'below', missing: gap(null, 10), page: [text(6)], left: [gap(6, 30)] },
  { side: 'below', missing: gap(null, 10), page: [], left: [gap(null, 30)] },
  { side: 'above', missing: gap(10, 30), page: [text(20)], left: [gap(null, 20)] },
])('[RS18] a page that comes when room was made of what it was asked beside says nothing of that: it is missing as well ($side, $page.length)', async ({ side, missing, page, left }) => {
  let answer: ((page: HistoryPage) => void) | null = null
  const scene = await start({ ...SPARSE, inOrder: true, catchUp: 'cursor', receiptsCatchUp: 'replay', conversations: false, history: true, members: false }, { history: () => new Promise((resolve) => (answer = resolve)) })
  await scene.bring(text(10))
  scene.wire.emit({ type: 'gap', ...missing })
  for (const order of [30, 40]) scene.wire.emit({ type: 'message', message: text(order) as never })
  await vi.waitFor(async () => expect(await scene.client.getMessage('c', 'm40')).not.toBeNull())
  await scene.client.markRead((await Promise.all(['m10', 'm30', 'm40'].map((id) => scene.client.getMessage('c', id)))).map((row) => row!))
  await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
  const source = scene.client.messages('c')
  if (side === 'above') await source.loadAround!({ id: 'm10' })
  void (side === 'below' ? source.loadOlder! : source.loadNewer!)()
  await vi.waitFor(() => expect(answer).not.toBeNull())
  expect(await scene.client.pruneHistory('c', { before: START + 35 })).toBe(1)
  answer!({ messages: page, contiguousTo: null })
  await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.gaps.list('c'))).toEqual(left))
})

/** A server of which the first page that is asked for is the newest. */
async function far(messages: readonly number[], contiguousTo: number | null) {
  const asked: HistoryQuery[] = []
  const history = async (_id: string, query: HistoryQuery): Promise<HistoryPage> => {
    asked.push(query)
    return { messages: messages.map((order) => text(order)), contiguousTo: contiguousTo === null ? null : at(contiguousTo) }
  }
  const scene = await start({ ...SPARSE, inOrder: true, catchUp: 'cursor', conversations: false, history: true }, { history })
  await scene.bring(text(7))
  scene.wire.emit({ type: 'cursor', cursor: '1' })
  scene.wire.emit({ type: 'gap', ...gap(7, null) })
  await vi.waitFor(() => expect(scene.client.messages('c').getSnapshot().hasNewer).toBe(true))
  asked.length = 0
  return { ...scene, asked, gaps: () => scene.storage.read((tx) => tx.gaps.list('c')), orders: () => scene.client.messages('c').getSnapshot().messages.map((row) => row.at?.order) }
}

it('[RS18] what is missing behind the newest row is fetched by whoever opens the conversation, once', async () => {
  const scene = await far([7, 8, 9], null)
  await scene.client.messages('c').loadAround!('newest')
  await vi.waitFor(() => expect(scene.orders()).toEqual([7, 8, 9]))
  await scene.client.messages('c').loadAround!('newest')
  expect([await scene.gaps(), scene.asked.length, scene.unread()]).toEqual([[], 1, 3])
})

it('and by whoever scrolls to the end; what the page does not reach is missing above what was here', async () => {
  const scene = await far([60, 61], 60)
  await scene.client.messages('c').loadNewer!()
  await vi.waitFor(() => expect(scene.orders()).toEqual([60, 61]))
  expect([await scene.gaps(), scene.asked.length]).toEqual([[gap(7, 60)], 1])
})

it('nobody is asked while there is no connection', async () => {
  const scene = await far([7, 8, 9], null)
  scene.wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  await scene.client.messages('c').loadAround!('newest')
  expect(scene.client.messages('c').getSnapshot().hasNewer).toBe(false)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect([scene.asked, scene.orders()]).toEqual([[], [7]])
})

/** Two thousand, each beside the next. */
const MANY = Array.from({ length: 2_000 }, (_, n) => gap(10 * n + 10, 10 * n + 15))

it('[RS39] thousands that are told at once are stored in moments', async () => {
  const scene = await start({ ...SPARSE, inOrder: true })
  for (const each of MANY) scene.wire.emit({ type: 'gap', ...each })
  // Told twice, it is one.
  for (const each of MANY.slice(0, 10)) scene.wire.emit({ type: 'gap', ...each })
  await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.gaps.list('c'))).toEqual(MANY), { timeout: 5_000 })
})

it('[RS45] and so are those of a file', async () => {
  const scene = await start({ ...SPARSE, inOrder: true })
  const lines = [{ readback: 1, by: 'me', conversation: { id: 'c', kind: 'group' }, gaps: [] }, ...MANY.map(({ after, before }) => ({ gap: { after, before } }))]
  await Promise.race([scene.client.importConversation(lines.map((line) => `${JSON.stringify(line)}\n`)), new Promise((_, reject) => setTimeout(() => reject(new Error('too slow')), 5_000))])
  expect(await scene.storage.read((tx) => tx.gaps.list('c'))).toEqual(MANY)
})

it('[RS39] history of another conversation closes nothing, and nothing of it stands where all before it would seem to be here', async () => {
  const history = async () => ({ messages: [text(40, { conversationId: 'other', id: 'x40', at: at(40, 0, 'x40') }) as never], contiguousTo: null })
  const scene = await start({ ...SPARSE, inOrder: true, history: true }, { history })
  await scene.bring(text(1))
  scene.wire.emit({ type: 'gap', ...gap(1, 9) })
  scene.wire.emit({ type: 'message', message: text(9) as never })
  await vi.waitFor(async () => expect(await scene.client.getMessage('c', 'm9')).not.toBeNull())
  await scene.client.openAt('c', 'newest')
  const asked = vi.spyOn(scene.wire, 'history')
  await scene.client.messages('c').loadOlder!()
  expect(asked).toHaveBeenCalledTimes(1)
  expect(await scene.storage.read((tx) => tx.gaps.list('c'))).toEqual([gap(1, 9)])
  expect(await scene.client.getMessage('other', 'x40')).toBeNull()
})
