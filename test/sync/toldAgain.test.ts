/** Who told nobody of anything, and tells again. */
import { expect, it, vi } from 'vitest'
import { POINT, RANGES, start, text, type Scene } from './oneReader.js'

const pause = (ms = 80) => new Promise((resolve) => setTimeout(resolve, ms))
const before = (order: number, upTo: { readonly order: number }) => order <= upTo.order

/** Whether others were told that it came. */
function isToldAsDelivered({ wire }: Scene, order: number): boolean {
  return wire.reports.some(({ kind, visibility, upTo, ranges }) => kind === 'delivered' && visibility === 'published' && ((upTo !== null && before(order, upTo)) || ranges.some(({ from, to }) => from.order <= order && before(order, to))))
}

async function goOff(scene: Scene, isForOne: boolean): Promise<void> {
  const of = isForOne ? ['c'] as const : []
  await scene.bring(text(1))
  await vi.waitFor(() => expect(isToldAsDelivered(scene, 1)).toBe(true))
  await scene.client.setReceipts('off', ...of)
  await scene.bring(text(2), text(3))
  await pause()
  await scene.client.setReceipts('private', ...of)
  await scene.bring(text(4))
  await vi.waitFor(() => expect(isToldAsDelivered(scene, 4)).toBe(true))
}

it.each([['everywhere', false], ['in the conversation', true]])('[RS15] what came while receipts were off is not told as delivered once they are private: %s', async (_where, isForOne) => {
  const scene = await start({ dense: true, read: RANGES, delivered: RANGES })
  await goOff(scene, isForOne)
  await pause(200)
  expect([2, 3].some((order) => isToldAsDelivered(scene, order))).toBe(false)
})

it('[RS37] a position goes over it: else nothing would be told as delivered any more', async () => {
  const scene = await start({ dense: true, read: POINT, delivered: POINT })
  await goOff(scene, false)
  expect(isToldAsDelivered(scene, 2)).toBe(true)
})

it('[RS30] [RS15] what came while receipts were off, and stands elsewhere since, is told of there once it is read', async () => {
  const scene = await start({ dense: true, read: RANGES, delivered: RANGES })
  await scene.client.setReceipts('off')
  await scene.bring(text(1), text(2))
  await scene.client.setReceipts('public')
  scene.wire.emit({ type: 'message', message: text(3, { localId: 'l2' }) as never })
  await pause()
  await scene.read(2)
  await vi.waitFor(() => expect(scene.isTold(3)).toBe(true))
  expect([1, 2].some((order) => scene.isTold(order))).toBe(false)
})
