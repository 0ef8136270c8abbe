import { NO_PROGRESS, type Point, type Progress, type ReceiptKind, type UserId } from '../model/index.js'

/** One progress for each kind of receipt. @public */
export type ProgressByKind = Readonly<Record<ReceiptKind, Progress>>

/**
 * "At `time` (epoch ms, server clock), everything from `from` to `to`, both included, was covered": a fact beside the progress, never split, never merged.
 * `from: null` = from the beginning.
 * @public
 */
export interface TimeFact {
  readonly from: Point | null
  readonly to: Point
  readonly time: number
}

/** What a member said with a receipt of the message at `at` (`ackContent`). `time`: epoch ms, server clock; absent = unknown. @public */
export interface ContentFact {
  readonly at: Point
  readonly content: string
  readonly time?: number
}

/**
 * What one member let others know in one conversation. Who read only ever grows, and joining in any order, any number of times, gives the same value.
 * What is stored has the newest times alone: older ones are let go of when it is stored, never by joining.
 * @public
 */
export interface MemberState extends ProgressByKind {
  readonly memberId: UserId
  readonly times: Readonly<Record<ReceiptKind, readonly TimeFact[]>>
  /** At most one of each message, in the order of places; absent = none. */
  readonly contents?: readonly ContentFact[]
}

/**
 * My own reading in one conversation. `synced` ⊇ what any of my devices read; `wanted` what is to be published;
 * `acked` what the wire has taken, by visibility. A report is due iff `wanted` ⊄ `acked.published` (or `synced` ⊄ `acked.ownDevices` where the wire can).
 * @public
 */
export interface OwnState {
  readonly synced: ProgressByKind
  readonly wanted: ProgressByKind
  readonly acked: Readonly<Record<'published' | 'ownDevices', ProgressByKind>>
  /** Nothing at or before this point is published: receipts were off until then. */
  readonly publishFloor: Point | null
  /** What was read on this device and not told to others, in private or before the floor: all that may be published later. What was only cleared is not in it. */
  readonly unpublished?: ProgressByKind
}

/** @public */
export const NO_PROGRESS_BY_KIND: ProgressByKind = Object.freeze({ delivered: NO_PROGRESS, read: NO_PROGRESS, viewed: NO_PROGRESS })

/** @public */
export const NO_OWN_STATE: OwnState = Object.freeze({
  synced: NO_PROGRESS_BY_KIND,
  wanted: NO_PROGRESS_BY_KIND,
  acked: Object.freeze({ published: NO_PROGRESS_BY_KIND, ownDevices: NO_PROGRESS_BY_KIND }),
  publishFloor: null,
})

/** @public */
export function emptyMemberState(memberId: UserId): MemberState {
  return { memberId, delivered: NO_PROGRESS, read: NO_PROGRESS, viewed: NO_PROGRESS, times: NO_TIMES }
}

const NO_TIMES: MemberState['times'] = Object.freeze({ delivered: Object.freeze([]), read: Object.freeze([]), viewed: Object.freeze([]) })
