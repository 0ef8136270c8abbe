import { NO_PROGRESS, comparePoints, maxPoint, type Point, type PointRange, type Progress } from '../model/index.js'

/**
 * Both progresses together: the later `upTo` and the plain union of the ranges. Commutative, associative and idempotent,
 * so receipts may arrive in any order, any number of times.
 *
 * Ranges merge only where they overlap or share an end; two neighbouring messages stay two ranges, because nothing here knows
 * whether something lies between them. A range that reaches over `upTo` raises it to its end.
 *
 * @returns `a` itself when `b` adds nothing
 * @public
 */
export function joinProgress(a: Progress, b: Progress): Progress {
  if (a === b || containsProgress(a, b)) return a
  return toProgress(maxPoint(a.upTo, b.upTo), [...a.ranges, ...b.ranges])
}

/**
 * A progress in normal form from what a wire or a database said; stretches that end before they begin are left out.
 * @public
 */
export function toProgress(upTo: Point | null, ranges: readonly PointRange[] = []): Progress {
  // Two sorted lists after one another are sorted in linear time.
  const sorted = ranges.filter((range) => comparePoints(range.from, range.to) <= 0).sort((a, b) => comparePoints(a.from, b.from))
  let reached = upTo
  const kept: PointRange[] = []
  for (const range of sorted) {
    const last = kept.at(-1)
    if (reached !== null && comparePoints(range.from, reached) <= 0) reached = maxPoint(reached, range.to)
    else if (last === undefined || comparePoints(range.from, last.to) > 0) kept.push(range)
    else if (comparePoints(range.to, last.to) > 0) kept[kept.length - 1] = { from: last.from, to: range.to }
  }
  return reached === null && kept.length === 0 ? NO_PROGRESS : { upTo: reached, ranges: kept }
}

/** Everything up to and including `point`. @public */
export function progressUpTo(point: Point): Progress {
  return { upTo: point, ranges: [] }
}

/** Exactly these points, in any order, and nothing between them. @public */
export function progressOfPoints(points: readonly Point[]): Progress {
  return toProgress(null, points.map((point) => ({ from: point, to: point })))
}

/** Whether nothing was reached yet. @public */
export function isNoProgress(progress: Progress): boolean {
  return progress.upTo === null && progress.ranges.length === 0
}

/** Whether `a` covers all of `b`. Linear. @public */
export function containsProgress(a: Progress, b: Progress): boolean {
  if (b.upTo !== null && (a.upTo === null || comparePoints(b.upTo, a.upTo) > 0)) return false
  let index = 0
  for (const range of b.ranges) {
    if (a.upTo !== null && comparePoints(range.to, a.upTo) <= 0) continue
    let cover = a.ranges[index]
    while (cover && comparePoints(cover.to, range.to) < 0) cover = a.ranges[++index]
    if (!cover || comparePoints(cover.from, range.from) > 0) return false
  }
  return true
}

/** Whether two progresses cover the same. @public */
export function sameProgress(a: Progress, b: Progress): boolean {
  return a === b || (containsProgress(a, b) && containsProgress(b, a))
}
