/** Where a window opens. */
import { expect, it, vi } from 'vitest'
import type { IncomingMessage, SourceAnchor } from 'readback/core'
import { pageAround } from '../../src/sync/windowPages.js'
import { at, readStored, start, text, type Scene } from './oneReader.js'

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)

/** Also what no window shows. */
async function tell(scene: Scene, ...messages: readonly IncomingMessage[]): Promise<void> {
  for (const message of messages) scene.wire.emit({ type: 'message', message })
  await vi.waitFor(async () => expect(await scene.client.getMessage('c', messages.at(-1)!.id)).not.toBeNull(), { timeout: 10_000 })
}

async function openedAt({ storage }: Scene, anchor: SourceAnchor) {
  return storage.read(async (tx) => pageAround(tx, 'me', (await tx.conversations.get('c'))!, (await tx.readStates.getOwn('c'))!, anchor))
}

it.each([
  ['in the middle', at(10), at(50), 30, range(50, 60)],
  ['just behind its beginning', at(10), at(50), 11, range(50, 60)],
  ['before all that is here', null, at(50), 3, range(50, 60)],
  ['behind all that is here', at(60), null, 70, range(50, 60)],
])('a place in missing history leads to where something is here again, never to both sides as if nothing were missing: %s', async (_where, after, before, order, shown) => {
  const scene = await start({ dense: true, history: true }, { history: async () => ({ messages: [], contiguousTo: null }) })
  await tell(scene, ...(after?.order === 10 ? range(1, 10).map((n) => text(n)) : []), ...range(50, 60).map((n) => text(n)))
  await scene.storage.write((tx) => tx.gaps.replace('c', [{ conversationId: 'c', after, before }]))
  const { rows, hasOlder } = await openedAt(scene, { at: at(order) })
  expect([rows.map((row) => row.at!.order), hasOlder]).toEqual([shown, before !== null])
})

it('a day is found in whatever epoch it was, and the first row from it on', async () => {
  const scene = await start({})
  const said = (epoch: number, n: number) => text(n, { id: `${epoch}-${n}`, localId: `l${epoch}-${n}`, at: at(n, epoch, `${epoch}-${n}`), time: epoch * 1_000_000 + n * 1_000 })
  for (const epoch of [1, 4, 5]) await tell(scene, ...range(1, 100).map((n) => said(epoch, n)))
  const foundAt = async (time: number) => {
    const { rows } = await openedAt(scene, { time })
    // Twenty rows stand above it.
    const first = rows.find((row) => row.time >= time) ?? rows.at(-1)!
    return [`${first.at!.epoch}:${first.at!.order}`, rows.indexOf(first)]
  }
  expect(await foundAt(0)).toEqual(['1:1', 0])
  expect(await foundAt(1_030_000)).toEqual(['1:30', 20])
  expect(await foundAt(1_029_500)).toEqual(['1:30', 20])
  expect(await foundAt(2_000_000)).toEqual(['4:1', 20])
  expect(await foundAt(4_050_000)).toEqual(['4:50', 20])
  expect(await foundAt(4_100_000)).toEqual(['4:100', 20])
  expect(await foundAt(4_100_001)).toEqual(['5:1', 20])
  expect(await foundAt(5_099_500)).toEqual(['5:100', 20])
  expect(await foundAt(9_000_000)).toEqual(['5:100', 59])
})

it.each([
  ['a stretch', [range(5, 1250)], 1251],
  ['stretches', [range(5, 300), range(310, 550)], 301],
  ['all', [range(5, 300), range(301, 1300)], undefined],
])('[I36] the first unread is found behind however much was read: %s', async (_what, read, first) => {
  const scene = await start({ dense: true })
  await tell(scene, ...range(1, 1300).map((n) => text(n)))
  for (const orders of read) await readStored(scene, ...orders)
  expect((await openedAt(scene, 'firstUnread')).firstUnread?.at?.order).toBe(first)
})

it('[I36] the first unread is found behind hundreds of messages of my own', async () => {
  const scene = await start({ dense: true })
  await tell(scene, ...range(1, 10).map((n) => text(n)))
  await readStored(scene, ...range(1, 10))
  await tell(scene, ...range(11, 900).map((n) => text(n, { from: 'me' })), text(901))
  expect((await openedAt(scene, 'firstUnread')).firstUnread?.at?.order).toBe(901)
})
