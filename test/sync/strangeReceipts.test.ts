/** Receipts that are strange and true, a thousand stories of each kind: what they say is heard in whatever order they come, and nothing that they do not say. */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { dealtWith, some, stateOf } from './badScene.js'
import { at, bring, good, members, row, start } from './receiptScene.js'
import { aStory, atLeast, expectStories, isSaid } from './receiptStories.js'

/** Fewer than of others where not asked for: each is a conversation of its own. */
const STORIES = Number(process.env['READBACK_CASES'] ?? 50)

describe('47, 53, 54, 55: stories of receipts', () => {
  it('[A17] 54: read before delivered before sent: around the arrival of a message, or the answer to its sending, every order says the same', async () => {
    const authors = fc.constantFrom('this device', 'me', 'ada')
    await expectStories(some(aStory({ authors }), STORIES))
  }, 900_000)

  it('[A17] 47: an author who reads their own message is not counted, and I am no reader of my own', async () => {
    await expectStories(some(aStory({ authors: fc.constantFrom('me', 'ada'), by: ['me', 'ada'] }), STORIES))
  }, 900_000)

  it('[A17] 55: a text that was played is read and viewed', async () => {
    await expectStories(some(aStory({ kinds: ['viewed'] }), STORIES))
  }, 900_000)

  it('[A17] 53: my own second device is me: what it read is not unread here, and nobody is told of it by this one', async () => {
    const story = aStory({ by: ['me', 'me', 'bo'], visibility: ['ownDevices', 'published'] }).map(({ said, ...rest }) => ({ ...rest, said: said.map((one) => (one.by === 'me' ? one : { ...one, visibility: 'published' as const })) }))
    await expectStories(some(story, STORIES), ({ client, wire }, id, { authors, said }) => {
      const mine = said.filter(({ by, kind }) => by === 'me' && atLeast('read').includes(kind))
      const count = authors.filter((author, i) => author !== 'me' && !isSaid(mine, i + 1)).length
      expect(client.getState().conversations.find((one) => one.id === id)?.unread, JSON.stringify({ authors, said })).toEqual({ count, exact: true })
      expect(wire.reports.filter(({ conversation, kind }) => conversation.id === id && kind !== 'delivered')).toEqual([])
    })
  }, 900_000)
})

describe('40: places behind what is known', () => {
  it('[A17] [F48] a smaller one moves nothing back, whoever says it, of whatever kind and shape', async () => {
    const scene = await start()
    const before = { ada: 4, cy: 5 }
    for (const [by, order] of Object.entries(before)) for (const kind of ['delivered', 'read', 'viewed']) scene.emit({ ...good(by, at(order)), kind, time: 1_000 })
    await vi.waitFor(async () => expect((await stateOf(scene)).states.map(({ viewed }) => viewed.upTo)).toEqual([at(4), at(5)]))
    const aPlace = (most: number) => fc.record({ epoch: fc.constant(0), order: fc.integer({ min: 0, max: most - 1 }), id: fc.string() })
    const aSmaller = fc.constantFrom<keyof typeof before>('ada', 'cy').chain((by) => fc.record({
      by: fc.constant(by), kind: fc.constantFrom('delivered', 'read', 'viewed'), time: fc.integer({ min: 1_000, max: 8.64e15 }),
      what: fc.oneof(
        aPlace(before[by]).map((upTo) => ({ upTo })),
        fc.array(fc.tuple(aPlace(before[by]), aPlace(before[by])).filter(([from, to]) => from.order < to.order).map(([from, to]) => ({ from, to })), { minLength: 1, maxLength: 3 }).map((ranges) => ({ ranges })),
        fc.subarray(Array.from({ length: before[by] }, (_, n) => `m${n + 1}`), { minLength: 1 }).map((ids) => ({ ids })),
      ),
    })).map(({ what, ...rest }) => ({ type: 'receipt', conversationId: 'c', visibility: 'published', ...rest, ...what }))
    await bring(scene, some(aSmaller))
    await dealtWith(scene)
    expect([(await stateOf(scene)).held, scene.dropped]).toEqual([[], []])
  }, 60_000)
})

describe('41: times of receipts', () => {
  it('[A17] one that a Date can hold is taken as it is: none, in seconds, with fractions, in the year 275760', async () => {
    const scene = await start()
    const aTime = fc.oneof(fc.constantFrom(0, 1, 1_764_446_400, 1_764_446_400_000, 8.64e15), fc.integer({ min: 0, max: 8.64e15 }), fc.double({ min: 0, max: 8.64e15, noNaN: true }))
    const times = some(aTime)
    // Of each of them five hundred times are kept.
    const readers = ['ada', 'bo', 'cy']
    scene.emit({ type: 'conversation', conversation: { id: 'd', kind: 'group', members, rosterComplete: true } })
    times.forEach((_, n) => scene.emit(row(n + 1, 'me', 'd')))
    await dealtWith(scene)
    times.forEach((time, n) => scene.emit({ ...good(readers[n % 3]!, at(1)), conversationId: 'd', upTo: undefined, ids: [`m${n + 1}`], time }))
    await dealtWith(scene)
    const { states } = await stateOf(scene, 'd')
    for (const [nth, by] of readers.entries()) {
      const told = times.flatMap((time, n) => (n % 3 === nth ? [{ from: at(n + 1), to: at(n + 1), time }] : []))
      expect(states.find(({ memberId }) => memberId === by)?.times.read).toEqual(told)
    }
    expect(scene.dropped).toEqual([])
  }, 60_000)

  it('[A17] [RS35] an impossible one is left out, and the reading stays', async () => {
    const scene = await start()
    const noTime = fc.oneof(fc.constantFrom<unknown>(NaN, Infinity, -Infinity, 1e21, 8.64e15 + 1, null), fc.double({ max: -Number.MIN_VALUE }), fc.double({ min: 8.64e15 + 2 }), fc.date().map(String), fc.date(), fc.bigInt(), fc.anything().filter((value) => typeof value !== 'number'))
    const orders = fc.integer({ min: 1, max: 5 })
    const told = some(fc.record({ by: fc.constantFrom('bo', 'cy'), order: orders, time: noTime }))
    for (const { by, order, time } of told) scene.emit({ ...good(by, at(order)), time })
    await dealtWith(scene)
    for (const by of ['bo', 'cy']) {
      const upTo = at(Math.max(...told.filter((one) => one.by === by).map(({ order }) => order)))
      expect((await stateOf(scene)).states.find(({ memberId }) => memberId === by)).toMatchObject({ read: { upTo }, times: { read: [] } })
    }
    expect(scene.dropped).toEqual([])
  }, 60_000)
})
