/** How far a page of history is whole: what the wire says of it counts, also where the page has messages beyond a hole, or none. */
import type { HistoryQuery } from 'readback/core'
import { expect, it, vi } from 'vitest'
import { pageEnds } from '../../src/sync/pageEnds.js'
import { at, POINT, SPARSE, start, text, type Scene } from './oneReader.js'

type Page = { readonly messages: readonly object[]; readonly contiguousTo: object | null }

const LISTED = { ...SPARSE, inOrder: true, catchUp: 'none', receiptsCatchUp: 'none', conversations: true, history: true, members: false } as const
const members = ['me', 'ada', 'bo'].map((userId) => ({ userId, role: 'member', intervals: [{ joinedAt: null, leftAt: null }] }))

/** Over a wire that answers with these pages, and with the last of them for ever. */
async function startWith(capabilities: object, ...pages: readonly Page[]) {
  const asked: HistoryQuery[] = []
  const scene = await start({ ...LISTED, ...capabilities }, {
    conversations: async () => ({ items: [{ id: 'c', kind: 'group', head: at(20), members, rosterComplete: true }] }),
    history: async (_id: string, query: HistoryQuery) => pages[Math.min(asked.push(query), pages.length) - 1]!,
  } as never)
  await vi.waitFor(async () => expect(await scene.client.getMessage('c', 'm20')).not.toBeNull())
  return { scene, asked }
}

const gapsOf = ({ storage }: Scene) => storage.read(async (tx) => (await tx.gaps.list('c')).map(({ after, before }) => [after?.order ?? null, before?.order ?? null]))
const NEWEST = { messages: [text(20)], contiguousTo: at(20) }

it('[RS40] [RS18] what stands in a page beyond a hole is no neighbour of what stands before it', async () => {
  const { scene } = await startWith({}, { messages: [text(5), text(20)], contiguousTo: at(20) })
  expect(await gapsOf(scene)).toEqual([[null, 20]])
  for (const id of ['m5', 'm20']) await scene.client.markRead([(await scene.client.getMessage('c', id))!])
  await vi.waitFor(async () => expect(await scene.storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
  expect([5, 10, 20].map((order) => scene.isTold(order))).toEqual([true, false, true])
})

it('[RS40] [RS17] an empty page that is not the end of history ends where it says, and is asked on from there', async () => {
  const { scene, asked } = await startWith({ read: POINT, delivered: POINT }, NEWEST, { messages: [], contiguousTo: at(15) }, { messages: [text(3)], contiguousTo: null })
  const source = scene.client.messages('c')
  await source.loadOlder!()
  expect(await gapsOf(scene)).toEqual([[null, 15]])
  await scene.read(20)
  expect(scene.isTold(10)).toBe(false)
  await source.loadOlder!()
  expect(asked.at(-1)).toMatchObject({ before: at(15) })
  expect(await gapsOf(scene)).toEqual([])
  await scene.read(3)
  expect(scene.isTold(20)).toBe(true)
})

it('a page that ends where it was asked for is not asked for again at once, and what is missing still is', async () => {
  const { scene, asked } = await startWith({}, NEWEST, { messages: [text(4)], contiguousTo: at(20) })
  vi.useFakeTimers()
  try {
    let isDone = false
    void scene.client.messages('c').loadOlder!().then(() => (isDone = true))
    await vi.waitFor(() => expect(asked).toHaveLength(2))
    await vi.advanceTimersByTimeAsync(1_500)
    expect(isDone).toBe(false)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(isDone).toBe(true)
    expect(await gapsOf(scene)).toEqual([[null, 20]])
  } finally {
    vi.useRealTimers()
  }
})

it.each([
  ['has holes', [5, 20], at(12), [12, 12]],
  ['is whole beyond its messages', [5, 20], at(2), [5, 2]],
  ['is whole up to its ends', [5, 20], at(5), [5, 5]],
  ['is empty', [], at(7), [7, 7]],
  ['does not say how far it is whole', [5, 20], undefined, [5, 20]],
  ['ends where history does', [5, 20], null, null],
  ['says nothing', [], undefined, null],
] as const)('a page that %s', (_title, orders, contiguousTo, ends) => {
  const found = pageEnds({ messages: orders.map((order) => text(order)), contiguousTo } as never)
  expect(found && [found.oldest.order, found.newest.order]).toEqual(ends)
})
