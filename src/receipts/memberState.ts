import { comparePoints, type Message, type Point, type PointRange, type Progress, type ReceiptKind } from '../model/index.js'
import { placesOf } from '../model/placesOf.js'
import { RECEIPT_KINDS } from '../model/receiptKinds.js'
import { withContents } from './contents.js'
import { coversPoint } from './coversPoint.js'
import { joinProgress, progressUpTo, toProgress } from './progress.js'
import type { MemberState, ProgressByKind, TimeFact } from './readState.js'
import { earliestTime, joinTimes } from './timeFacts.js'

/** What one receipt says, once ids were resolved to points. The shape decides: `points` are single messages, `upTo` is a prefix. @public */
export interface ReceiptContent {
  readonly upTo?: Point | null
  readonly ranges?: readonly PointRange[]
  readonly points?: readonly Point[]
}

/** A receipt of one kind by one member. `time`: epoch milliseconds by the server's clock. @public */
export interface MemberReceipt extends ReceiptContent {
  readonly kind: ReceiptKind
  readonly time?: number
}

/** What a receipt covers. @public */
export function progressOfReceipt({ upTo = null, ranges = [], points = [] }: ReceiptContent): Progress {
  return toProgress(upTo, [...ranges, ...points.map((point) => ({ from: point, to: point }))])
}

/**
 * Joins a receipt into a member's state. Late, repeated and reordered receipts are harmless: state only grows.
 * @returns the same object when nothing moved
 * @public
 */
export function applyReceipt(state: MemberState, receipt: MemberReceipt): MemberState {
  const { kind, time } = receipt
  const progress = joinContent(state[kind], receipt)
  const times = time === undefined ? state.times[kind] : joinTimes(state.times[kind], factsOf(receipt, time))
  if (times === state.times[kind]) return progress === state[kind] ? state : withKind(state, kind, progress, state.times)
  return withKind(state, kind, progress, { ...state.times, [kind]: times })
}

/** A progress with what a receipt covers. Most receipts only move a prefix forward, or come late: that takes one comparison, and nothing is made for it. */
export function joinContent(progress: Progress, content: ReceiptContent): Progress {
  const { upTo, ranges, points } = content
  if (ranges?.length || points?.length) return joinProgress(progress, progressOfReceipt(content))
  if (!upTo || (progress.upTo !== null && comparePoints(upTo, progress.upTo) <= 0)) return progress
  return progress.ranges.length === 0 ? { upTo, ranges: progress.ranges } : joinProgress(progress, progressUpTo(upTo))
}

/** Field by field: a spread makes each copy three times slower. Fields of a later version go along. */
function withKind(state: MemberState, kind: ReceiptKind, progress: Progress, times: MemberState['times']): MemberState {
  const next: MemberState = {
    memberId: state.memberId,
    delivered: kind === 'delivered' ? progress : state.delivered,
    read: kind === 'read' ? progress : state.read,
    viewed: kind === 'viewed' ? progress : state.viewed,
    times,
  }
  return hasMore(state) ? { ...state, ...next } : next
}

const KNOWN_FIELDS = 5

function hasMore(state: MemberState): boolean {
  let fields = 0
  for (const _field in state) fields += 1
  return fields > KNOWN_FIELDS
}

/**
 * Two states of one member together, for example this tab's and the stored one.
 * @returns `a` itself when `b` adds nothing
 * @public
 */
export function joinMemberStates(a: MemberState, b: MemberState): MemberState {
  const progress = joinKinds(a, b)
  const times = {
    delivered: joinTimes(a.times.delivered, b.times.delivered),
    read: joinTimes(a.times.read, b.times.read),
    viewed: joinTimes(a.times.viewed, b.times.viewed),
  }
  const sameTimes = RECEIPT_KINDS.every((kind) => times[kind] === a.times[kind])
  const joined = sameTimes && progress === a ? a : { ...a, delivered: progress.delivered, read: progress.read, viewed: progress.viewed, times: sameTimes ? a.times : times }
  return withContents(joined, b.contents)
}

/** Joins kind by kind; `a` itself when `b` adds nothing. */
export function joinKinds<T extends ProgressByKind>(a: T, b: ProgressByKind): T | ProgressByKind {
  const delivered = joinProgress(a.delivered, b.delivered)
  const read = joinProgress(a.read, b.read)
  const viewed = joinProgress(a.viewed, b.viewed)
  return delivered === a.delivered && read === a.read && viewed === a.viewed ? a : { delivered, read, viewed }
}

/** Whether the member got this far at `point`: viewed implies read, read implies delivered. @public */
export function hasReached(state: ProgressByKind, kind: ReceiptKind, point: Point): boolean {
  return IMPLIED_BY[kind].some((stronger) => coversPoint(state[stronger], point))
}

/** Whether the member got this far at one of the message's places. */
export function hasReachedMessage(state: ProgressByKind, kind: ReceiptKind, message: Placed): boolean {
  return placesOf(message).some((point) => hasReached(state, kind, point))
}

/** Everything the member reached at least as `kind`: viewed implies read, read implies delivered. @public */
export function reachedProgress(state: ProgressByKind, kind: ReceiptKind): Progress {
  return IMPLIED_BY[kind].slice(1).reduce((progress, stronger) => joinProgress(progress, state[stronger]), state[kind])
}

/**
 * When the member delivered, read or viewed the message at `point`: the earliest fact that covers it, epoch milliseconds.
 * Viewing is reading, so a viewed time is a read time; a read says nothing of when it was delivered.
 * @returns null when the time is unknown
 * @public
 */
export function timeOf(state: MemberState, kind: ReceiptKind, point: Point): number | null {
  const own = earliestTime(state.times[kind], point)
  if (kind !== 'read') return own
  const viewed = earliestTime(state.times.viewed, point)
  return own === null || (viewed !== null && viewed < own) ? viewed : own
}

/** When the member delivered, read or viewed the message, at whichever of its places they did so first; null when the time is unknown. */
export function timeOfMessage(state: MemberState, kind: ReceiptKind, message: Placed): number | null {
  return placesOf(message).reduce<number | null>((earliest, point) => {
    const time = timeOf(state, kind, point)
    return earliest === null || (time !== null && time < earliest) ? time : earliest
  }, null)
}

type Placed = Pick<Message, 'at' | 'otherPlaces'>

export const IMPLIED_BY: Readonly<Record<ReceiptKind, readonly ReceiptKind[]>> = { delivered: ['delivered', 'read', 'viewed'], read: ['read', 'viewed'], viewed: ['viewed'] }

function factsOf({ upTo, ranges = [], points = [] }: ReceiptContent, time: number): readonly TimeFact[] {
  const facts: TimeFact[] = upTo ? [{ from: null, to: upTo, time }] : []
  for (const { from, to } of ranges) facts.push({ from, to, time })
  for (const point of points) facts.push({ from: point, to: point, time })
  return facts
}
