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
  return unite(maxPoint(a.upTo, b.upTo), mergeSorted(a.ranges, b.ranges))
}

/**
 * A progress in normal form from what a wire or a database said; stretches that end before they begin are left out.
 * @public
 */
export function toProgress(upTo: Point | null, ranges: readonly PointRange[] = []): Progress {
  const sorted = ranges.filter((range) => comparePoints(range.from, range.to) <= 0).sort((a, b) => comparePoints(a.from, b.from))
  return unite(upTo, sorted)
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
    while (index < a.ranges.length && comparePoints((a.ranges[index] as PointRange).to, range.to) < 0) index += 1
    const cover = a.ranges[index]
    if (cover === undefined || comparePoints(cover.from, range.from) > 0) return false
  }
  return true
}

/** Whether two progresses cover the same. @public */
export function sameProgress(a: Progress, b: Progress): boolean {
  return a === b || (containsProgress(a, b) && containsProgress(b, a))
}

/** Builds the normal form from ranges that are sorted by their beginnings. */
function unite(start: Point | null, sorted: readonly PointRange[]): Progress {
  let upTo = start
  const ranges: PointRange[] = []
  for (const range of sorted) {
    const last = ranges.at(-1)
    if (upTo !== null && comparePoints(range.from, upTo) <= 0) upTo = maxPoint(upTo, range.to)
    else if (last === undefined || comparePoints(range.from, last.to) > 0) ranges.push(range)
    else if (comparePoints(range.to, last.to) > 0) ranges[ranges.length - 1] = { from: last.from, to: range.to }
  }
  return upTo === null && ranges.length === 0 ? NO_PROGRESS : { upTo, ranges }
}

function mergeSorted(a: readonly PointRange[], b: readonly PointRange[]): readonly PointRange[] {
  const merged: PointRange[] = []
  let next = 0
  for (const range of b) {
    while (next < a.length && comparePoints((a[next] as PointRange).from, range.from) <= 0) merged.push(a[next++] as PointRange)
    merged.push(range)
  }
  return [...merged, ...a.slice(next)]
}
