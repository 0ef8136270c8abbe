import { comparePoints, maxPoint, type Point, type Progress } from '../model/index.js'
import { coversPoint } from './coversPoint.js'

/** What is known of a conversation when a single position must say what I read. @public */
export interface PrefixSurroundings {
  /** Countable messages, oldest first, without interruption up to the newest stored one except for `gaps`. */
  readonly countable: readonly Point[]
  /** Where that list begins: everything countable from here on is in it; null = from the beginning of the conversation. */
  readonly knownFrom: Point | null
  /** From my joining on; null = from the beginning. */
  readonly joinedAt: Point | null
  /** Stretches of history known to be missing, between two points; null `after` = from the beginning. */
  readonly gaps?: readonly { readonly after: Point | null; readonly before: Point | null }[]
  /**
   * Unread messages that are in the way and not among `countable`: deleted for me, quarantined, pruned. The client gives what it knows of them as `gaps`.
   * What is here and could not be shown needs none: it is among `countable`, and unread.
   */
  readonly holes?: readonly Point[]
  /** {@link OwnState.publishFloor}: while there is one, a position would publish what was read in private. */
  readonly publishFloor?: Point | null
}

/**
 * The one position that a wire knowing only positions may be told: the greatest point with everything countable at or before it read,
 * and no gap or hole on the way. What lies beyond goes to my own devices only.
 *
 * @param read - what I want to publish
 * @returns null when nothing may be published
 * @public
 */
export function publishPrefix(read: Progress, surroundings: PrefixSurroundings): Point | null {
  const { countable, knownFrom, joinedAt, gaps = [], holes = [], publishFloor = null } = surroundings
  if (publishFloor !== null) return null
  const start = maxPoint(read.upTo, joinedAt)
  if (knownFrom !== null && (start === null || comparePoints(knownFrom, start) > 0)) return read.upTo
  let reached = read.upTo
  for (const point of countable) {
    if (start !== null && isPassed(point, start, read.upTo)) continue
    if (!coversPoint(read, point)) break
    if (holes.some((hole) => liesBetween(hole, start, point)) || gaps.some((gap) => crosses(gap, start, point))) break
    reached = maxPoint(reached, point)
  }
  return reached
}

/** Already in the prefix, or from before I joined. A message at the very point of joining counts. */
function isPassed(point: Point, start: Point, upTo: Point | null): boolean {
  const order = comparePoints(point, start)
  return order < 0 || (order === 0 && upTo !== null && comparePoints(upTo, point) >= 0)
}

function liesBetween(hole: Point, start: Point | null, end: Point): boolean {
  return comparePoints(hole, end) <= 0 && (start === null || comparePoints(hole, start) > 0)
}

function crosses(gap: { readonly after: Point | null; readonly before: Point | null }, start: Point | null, end: Point): boolean {
  const endsAfterStart = gap.before === null || start === null || comparePoints(gap.before, start) > 0
  const beginsBeforeEnd = gap.after === null || comparePoints(gap.after, end) < 0
  return endsAfterStart && beginsBeforeEnd
}
