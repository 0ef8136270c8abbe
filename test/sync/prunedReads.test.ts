/** Room is made while what was read still waits to be told. */
import { describe, expect, it, vi } from 'vitest'
import { at, LATER, MINUTE, POINT, SPARSE, START, start, text, type Scene } from './oneReader.js'

const ORDERS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
const published = ({ wire }: Scene) => wire.reports.filter(({ kind, visibility }) => kind === 'read' && visibility === 'published')

it.each([
  ['[RS27] over a wire that is told of single messages', 'message', (scene: Scene) => expect(published(scene).flatMap(({ messages }) => messages.map(({ at }) => at.order))).toEqual(ORDERS)],
  ['[RS17] over a wire that is told of a position', 'point', (scene: Scene) => expect(published(scene).map(({ upTo }) => upTo?.order)).toEqual([10])],
] as const)('%s, what waits stays until it is told', async (_title, scope, expectTold) => {
  const kinds = { direct: scope, group: scope }
  const scene = await start({ dense: true, read: kinds, delivered: kinds })
  const { client, wire, storage, bring } = scene
  await bring(...ORDERS.map((order) => text(order)), LATER)
  await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
  wire.emit({ type: 'state', state: { status: 'offline', reason: 'network' } })
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('offline'))
  await client.markRead(client.messages('c').getSnapshot().messages.filter(({ from }) => from !== 'me'))
  expect(await client.pruneHistory('c', { before: START_OF_LATER })).toBe(0)
  wire.emit({ type: 'state', state: { status: 'online' } })
  await vi.waitFor(() => expectTold(scene))
  await vi.waitFor(async () => expect(await storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
  expect(await client.pruneHistory('c', { before: START_OF_LATER })).toBe(9)
})

const START_OF_LATER = LATER.time - MINUTE

/** Five messages, of which all that are here are read, and something else long after. */
async function readAndPruned(orders: readonly number[], first: readonly object[] = []): Promise<Scene> {
  const scene = await start({ dense: true })
  for (const event of first) scene.wire.emit(event as never)
  await scene.bring(...orders.map((order) => text(order)), text(orders.at(-1)! + 1, { from: 'me', time: LATER.time }))
  await scene.read(...orders)
  expect(await scene.client.pruneHistory('c', { before: START_OF_LATER })).toBe(orders.length - 1)
  return scene
}
const unreadOf = ({ client }: Scene) => client.getState().conversations[0]?.unread

it('[RS15] history that was never here is not read because room is made above it', async () => {
  const scene = await readAndPruned([6, 7, 8, 9, 10], [{ type: 'gap', conversationId: 'c', after: null, before: at(6) }])
  expect(unreadOf(scene)).toEqual({ count: 0, exact: false })
  scene.wire.emit({ type: 'message', message: text(3) })
  await vi.waitFor(() => expect(unreadOf(scene)).toEqual({ count: 1, exact: false }))
})

it('[RS15] nor is it where what is missing reaches further: rows may stand in it that another device has read', async () => {
  const scene = await start({ ...SPARSE, inOrder: true })
  await scene.bring(...[6, 7, 8].map((order) => text(order)))
  // A server that does not know the cursor any more.
  scene.wire.emit({ type: 'gap', conversationId: 'c', after: null, before: at(40) })
  await scene.bring(text(40))
  scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', ranges: [{ from: at(6), to: at(8) }] })
  await vi.waitFor(() => expect(scene.unread()).toBe(1))
  expect(await scene.client.pruneHistory('c', { before: START_OF_LATER })).toBe(2)
  scene.wire.emit({ type: 'message', message: text(3) })
  await vi.waitFor(() => expect(scene.unread()).toBe(2))
})

it('[RS15] nor is a message that had not come yet', async () => {
  const scene = await readAndPruned([1, 2, 4, 5])
  scene.wire.emit({ type: 'message', message: text(3) })
  await vi.waitFor(() => expect(scene.unread()).toBe(1))
})

it('[RS15] no room is made where the first of all, which others have overtaken, may still come', async () => {
  const scene = await start({ dense: true })
  await scene.bring(...[2, 3, 4].map((order) => text(order)))
  await scene.read(2, 3, 4)
  expect(await scene.client.pruneHistory('c', { before: Infinity })).toBe(0)
  expect(unreadOf(scene)).toEqual({ count: 0, exact: true })
  scene.wire.emit({ type: 'message', message: text(1) })
  await vi.waitFor(() => expect(scene.unread()).toBe(1))
})

it('[RS15] nor is the first of a new epoch, which others have overtaken', async () => {
  const scene = await start({ dense: true })
  await scene.bring(text(1), text(2, { at: at(2, 1, 'm2') }), text(3, { at: at(3, 1, 'm3'), from: 'me' }))
  await scene.read(1, 2)
  expect(await scene.client.pruneHistory('c', { before: Infinity })).toBe(1)
  scene.wire.emit({ type: 'message', message: text(4, { at: at(1, 1, 'm4') }) as never })
  await vi.waitFor(() => expect(scene.unread()).toBe(1))
})

it('[RS15] room is made at once where another device of mine has read on in a new epoch: nothing before that is unread', async () => {
  const scene = await start({ dense: true })
  await scene.bring(...[2, 3].map((order) => text(order)), text(4, { at: at(1, 1, 'm4') }), text(5, { at: at(2, 1, 'm5') }))
  scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', upTo: at(2, 1, 'm5') })
  await vi.waitFor(() => expect(unreadOf(scene)).toEqual({ count: 0, exact: true }))
  expect(await scene.client.pruneHistory('c', { before: Infinity })).toBe(2)
  expect(unreadOf(scene)).toEqual({ count: 0, exact: true })
})

it('[RS15] a number that has not come for ten minutes leaves the count exact', async () => {
  const scene = await readAndPruned([2, 3, 4, 5])
  expect(unreadOf(scene)).toEqual({ count: 0, exact: true })
})

it('[RS15] room that was made twice leaves the count exact', async () => {
  const scene = await readAndPruned([1, 2, 3, 4, 5])
  expect(unreadOf(scene)).toEqual({ count: 0, exact: true })
  await scene.bring(...[7, 8, 9].map((order) => text(order, { time: LATER.time + order })))
  await scene.read(7, 8, 9)
  expect(await scene.client.pruneHistory('c', { before: Infinity })).toBeGreaterThan(0)
  expect(unreadOf(scene)).toEqual({ count: 0, exact: true })
})

it('[RS15] a number that has not come leaves the count exact where another device of mine has read it', async () => {
  const scene = await start({ dense: true })
  await scene.bring(...[1, 2, 4, 5].map((order) => text(order)), LATER)
  scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', ranges: [{ from: at(1), to: at(5) }] })
  await vi.waitFor(() => expect(unreadOf(scene)).toEqual({ count: 0, exact: true }))
  expect(await scene.client.pruneHistory('c', { before: START_OF_LATER })).toBe(3)
  await scene.bring(text(51, { time: LATER.time + 1 }))
  expect(unreadOf(scene)).toEqual({ count: 1, exact: true })
})

it.each([['a prefix', { upTo: at(4) }], ['a stretch', { ranges: [{ from: at(1), to: at(4) }] }]] as const)('[RS15] nor does one at which what another device of mine has read ends: %s', async (_shape, told) => {
  const scene = await start({ dense: true })
  await scene.bring(...[1, 2, 3, 5].map((order) => text(order)), LATER)
  scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', ...told })
  await vi.waitFor(() => expect(scene.unread()).toBe(1))
  await scene.read(5)
  expect(unreadOf(scene)).toEqual({ count: 0, exact: true })
  expect(await scene.client.pruneHistory('c', { before: START_OF_LATER })).toBe(3)
  expect(unreadOf(scene)).toEqual({ count: 0, exact: true })
})

it('[RS30] a message goes with what stands around its second place, and not before: nobody would ask for that', async () => {
  const scene = await start({ ...SPARSE, inOrder: true })
  const second = text(3, { localId: 'l1' })
  await scene.bring(text(1), text(2), second, text(4, { time: LATER.time - 1 }), LATER)
  await scene.read(1, 2, 4)
  expect(await scene.client.pruneHistory('c', { before: START_OF_LATER })).toBe(0)
  expect(await scene.client.getMessage('c', 'm3')).toMatchObject({ ids: ['m1', 'm3'] })
  expect(await scene.client.pruneHistory('c', { before: LATER.time })).toBe(2)
})

it('[RS27] [RS30] a second place that was read is nothing that may be missing', async () => {
  const scene = await start({ ...SPARSE, inOrder: true })
  await scene.bring(text(1), text(2, { from: 'me' }), text(3, { localId: 'l1' }), text(4, { from: 'me' }), text(5, { from: 'me', time: LATER.time }))
  await scene.read(1)
  expect(await scene.client.pruneHistory('c', { before: START_OF_LATER })).toBe(2)
  expect(unreadOf(scene)).toEqual({ count: 0, exact: true })
})

describe('where nobody can be asked for history', () => {
  const MESSAGE = { direct: 'message', group: 'message' } as const
  const pruned = async (capabilities: Parameters<typeof start>[0]): Promise<Scene> => {
    const scene = await start({ dense: true, history: false, catchUp: 'queue', ...capabilities })
    await scene.bring(...[41, 42, 43].map((order) => text(order)), text(44, { from: 'me', time: LATER.time }))
    await scene.read(41, 42, 43)
    expect(await scene.client.pruneHistory('c', { before: START_OF_LATER })).toBe(2)
    return scene
  }

  it('[RS13] on a wire of single messages each is counted as before room was made', async () => {
    const scene = await pruned({ read: MESSAGE, delivered: MESSAGE })
    expect(unreadOf(scene)).toEqual({ count: 0, exact: true })
    await scene.bring(text(45, { time: LATER.time + 1 }))
    expect(unreadOf(scene)).toEqual({ count: 1, exact: true })
  })

  it('[RS13] on any other what was said before stays in doubt', async () => {
    expect(unreadOf(await pruned({}))).toEqual({ count: 0, exact: false })
  })

  it('no list waits for what has gone', async () => {
    const { client } = await pruned({})
    const source = client.messages('c')
    await source.loadAround!('newest')
    expect(source.getSnapshot()).toMatchObject({ hasOlder: false })
    expect(source.getSnapshot().messages.map(({ at: place }) => place?.order)).toEqual([43, 44])
  })

  it.each([['before', 5, { dense: true }], ['and all around it', 10, { dense: true }], ['before, where numbers say nothing', 5, { ...SPARSE, inOrder: true }]] as const)('[RS15] what was told of and never came is not read because room is made of what I wrote: %s', async (_where, told, numbers) => {
    const scene = await start({ ...numbers, history: false, catchUp: 'queue' })
    scene.wire.answer = ({ localId }) => {
      const order = 5 + scene.wire.sent.length
      return Promise.resolve({ localId, id: `m${order}`, at: at(order), time: START + order * 20 * MINUTE })
    }
    for (const order of [6, 7, 8]) {
      await scene.client.send('c', { body: { kind: 'text', text: `${order}` } })
      await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.messages.byId('c', `m${order}`))).toBeDefined())
    }
    scene.wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'group', head: at(told) } })
    await vi.waitFor(() => expect(unreadOf(scene)).toEqual({ count: 0, exact: false }))
    expect(await scene.client.pruneHistory('c', { before: Infinity })).toBe(1)
    const ownUpTo = async () => (await scene.storage.read((tx) => tx.readStates.getOwn('c')))?.synced.read.upTo ?? null
    expect(await ownUpTo()).toBeNull()
    expect(unreadOf(scene)).toEqual({ count: 0, exact: false })
    scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', upTo: at(8) })
    await vi.waitFor(async () => expect(await ownUpTo()).toEqual(at(8)))
    await scene.bring(text(11))
    expect(unreadOf(scene)).toEqual({ count: 1, exact: told < 8 })
  })
})

it.each([
  ['the first of all', { dense: true }, 1, 0], ['the first of all, where numbers say nothing', { ...SPARSE, inOrder: true }, 1, 0],
  ['the first of an epoch', { dense: true }, 3, 1], ['the first of an epoch, where numbers say nothing', { ...SPARSE, inOrder: true }, 3, 1],
] as const)('[RS15] [RS18] nor is one that came malformed: %s', async (_which, capabilities, broken, epoch) => {
  const scene = await start(capabilities)
  const placed = (order: number, changes: object = {}) => text(order, { at: order < broken ? at(order) : at(order - broken + 1, epoch, `m${order}`), ...changes })
  for (const order of [1, 2, 3, 4, 5]) {
    if (order === broken) scene.wire.emit({ type: 'message', message: { ...placed(order), body: null } as never })
    else await scene.bring(placed(order))
  }
  await scene.bring(placed(6, { from: 'me', time: LATER.time }))
  const { messages } = scene.client.messages('c').getSnapshot()
  await scene.client.markRead(messages.filter(({ from }) => from !== 'me'))
  await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
  expect(await scene.client.pruneHistory('c', { before: START_OF_LATER })).toBe(3)
  // It comes again, sound.
  scene.wire.emit({ type: 'message', message: placed(broken) })
  await vi.waitFor(() => expect(scene.unread()).toBe(1))
})

it('[RS17] [RS27] room that is made below what another device told in a new epoch does not stop the position there', async () => {
  const scene = await start({ dense: true, inOrder: true, read: POINT, delivered: POINT })
  const anew = (order: number, changes: object = {}) => text(order, { id: `n${order}`, at: at(order, 1, `n${order}`), localId: `n${order}`, time: START + MINUTE + order, ...changes })
  await scene.bring(text(1))
  await scene.read(1)
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  await scene.bring(anew(1), anew(2), anew(3, { from: 'me', time: LATER.time }))
  scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'me', kind: 'read', visibility: 'published', upTo: at(1, 1, 'n1') })
  await vi.waitFor(() => expect(scene.unread()).toBe(1))
  expect(await scene.client.pruneHistory('c', { before: START_OF_LATER })).toBe(1)
  const { messages } = scene.client.messages('c').getSnapshot()
  await scene.client.markRead(messages.filter(({ ids }) => ids.includes('n2')))
  await vi.waitFor(() => expect(scene.isTold(2, 1, 'n2')).toBe(true))
})
