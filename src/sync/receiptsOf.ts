import { comparePoints, type Point, type PointRange, type UserId } from '../model/index.js'
import { RECEIPT_KINDS } from '../model/receiptKinds.js'
import { emptyMemberState, type MemberState, type OwnState, type ReportVisibility } from '../receipts/index.js'
import type { IncomingReceipt } from '../transport/index.js'
import { crossesEpochs } from './acrossEpochs.js'

/** A state as the receipts that say the same, believed as far as there are messages here: those that they read are in it. */
export function receiptsOf(state: MemberState, head: Point | null): readonly IncomingReceipt[] {
  const by = state.memberId
  if (head === null) return []
  // Of a later epoch nothing is here.
  const here = (point: Point) => (comparePoints(point, head) <= 0 ? point : point.epoch === head.epoch ? head : null)
  const stretch = ({ from, to }: PointRange) => (comparePoints(from, head) <= 0 ? [{ from, to: here(to) ?? from }] : [])
  return RECEIPT_KINDS.flatMap((kind) => {
    const base = { by, kind, visibility: 'published' } as const
    const { upTo, ranges } = state[kind]
    const times = state.times[kind].map(({ from, to, time }) => ({ ...base, time, ...(from ? { ranges: stretch({ from, to }) } : { upTo: here(to) }) }))
    return [{ ...base, upTo: upTo && here(upTo), ranges: ranges.flatMap(stretch) }, ...times]
  })
}

/** Those of them that reach into an epoch before their own, and say something only once it is known what was lost there. */
export function receiptsAcross(state: MemberState, head: Point | null): readonly IncomingReceipt[] {
  return receiptsOf(state, head).filter((receipt) => crossesEpochs(receipt, () => undefined))
}

/** The same of what I told, or my other devices: joined again it says what is sure of it, and the rest waits. */
export function toldAcross(me: UserId, { acked }: Pick<OwnState, 'acked'>, head: Point | null): readonly IncomingReceipt[] {
  const told = (visibility: ReportVisibility) => receiptsAcross({ ...emptyMemberState(me), ...acked[visibility] }, head).map((receipt) => ({ ...receipt, visibility }))
  return [...told('published'), ...told('ownDevices')]
}
