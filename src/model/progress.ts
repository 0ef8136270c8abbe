import type { Point } from './point.js'

/** A closed stretch [from, to] of a conversation. Invariant: `from` is not after `to`. @public */
export interface PointRange {
  readonly from: Point
  readonly to: Point
}

/**
 * How far somebody got in a conversation: everything up to and including `upTo`, and the stretches beyond it.
 * Normal form: ranges are sorted, disjoint, and each begins after `upTo`. The rules that keep it are in `receipts/`.
 * @public
 */
export interface Progress {
  readonly upTo: Point | null
  readonly ranges: readonly PointRange[]
}

/** Nothing yet. @public */
export const NO_PROGRESS: Progress = Object.freeze({ upTo: null, ranges: Object.freeze([]) as readonly PointRange[] })

/** The three things that are told about a message after it was sent. Viewed: image opened, voice or video played; implies read. @public */
export type ReceiptKind = 'delivered' | 'read' | 'viewed'
