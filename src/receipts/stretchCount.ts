import { comparePoints, type Point } from '../model/index.js'

/** A stretch of a conversation. `from: null` = from the beginning; `to: null` = without end; `open`: `to` itself is not in it. */
export interface Stretch {
  readonly from: Point | null
  readonly to: Point | null
  readonly open?: boolean
}

/**
 * How many stretches contain a point. Beginnings and ends are kept sorted, so a question is three binary searches,
 * whatever the number of members, and nothing is stored per message.
 *
 * Stretches that are one member's must be disjoint, else that member counts twice.
 */
export interface StretchCount {
  add(stretches: readonly Stretch[]): void
  /** Exactly what was added before. */
  remove(stretches: readonly Stretch[]): void
  /** null = after every point. */
  at(point: Point | null): number
}

/** Above this many waiting changes one merge is cheaper than single insertions. */
const SINGLE_CHANGES = 24

export function createStretchCount(): StretchCount {
  const begins = createSortedPoints()
  const closedEnds = createSortedPoints()
  const openEnds = createSortedPoints()
  let fromBeginning = 0
  let withoutEnd = 0
  const change = (stretches: readonly Stretch[], by: 1 | -1): void => {
    for (const { from, to, open } of stretches) {
      if (from === null) fromBeginning += by
      else begins.change(from, by)
      if (to === null) withoutEnd += by
      else (open ? openEnds : closedEnds).change(to, by)
    }
  }
  return {
    add: (stretches) => change(stretches, 1),
    remove: (stretches) => change(stretches, -1),
    at: (point) => (point === null ? withoutEnd : fromBeginning + begins.countUpTo(point) - closedEnds.countBefore(point) - openEnds.countUpTo(point)),
  }
}

interface SortedPoints {
  change(point: Point, by: 1 | -1): void
  countBefore(point: Point): number
  countUpTo(point: Point): number
}

/** Changes wait until the next question, so that a flood of them costs one merge. */
function createSortedPoints(): SortedPoints {
  let points: Point[] = []
  let added: Point[] = []
  let removed: Point[] = []
  const settle = (): Point[] => {
    if (added.length + removed.length === 0) return points
    if (added.length + removed.length <= SINGLE_CHANGES) {
      // Added first: a point may have come and gone while both waited.
      for (const point of added) points.splice(lowerBound(points, point), 0, point)
      for (const point of removed) points.splice(lowerBound(points, point), 1)
    } else {
      points = mergeChanges(points, added.sort(comparePoints), removed.sort(comparePoints))
    }
    added = []
    removed = []
    return points
  }
  return {
    change: (point, by) => void (by > 0 ? added : removed).push(point),
    countBefore: (point) => lowerBound(settle(), point),
    countUpTo: (point) => upperBound(settle(), point),
  }
}

function mergeChanges(points: readonly Point[], added: readonly Point[], removed: readonly Point[]): Point[] {
  const merged: Point[] = []
  let i = 0
  let j = 0
  let k = 0
  while (i < points.length || j < added.length) {
    const left = points[i]
    const right = added[j]
    const takeLeft = right === undefined || (left !== undefined && comparePoints(left, right) <= 0)
    const next = (takeLeft ? left : right) as Point
    if (takeLeft) i += 1
    else j += 1
    const gone = removed[k]
    if (gone !== undefined && comparePoints(gone, next) === 0) k += 1
    else merged.push(next)
  }
  return merged
}

function lowerBound(points: readonly Point[], point: Point): number {
  return search(points, (candidate) => comparePoints(candidate, point) < 0)
}

function upperBound(points: readonly Point[], point: Point): number {
  return search(points, (candidate) => comparePoints(candidate, point) <= 0)
}

function search(points: readonly Point[], isBefore: (candidate: Point) => boolean): number {
  let low = 0
  let high = points.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(points[middle] as Point)) low = middle + 1
    else high = middle
  }
  return low
}
