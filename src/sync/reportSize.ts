/** How large a report may be. What leaves a page that is hidden or left is carried by the browser up to 64 KiB, and not at all beyond. */
import { comparePoints, type PointRange, type Progress } from '../model/index.js'

/** All that is under way at once, bytes of JSON. */
export const MOST_UNDER_WAY = 60 * 1_024
/** What one report says and names, bytes of JSON; the rest is room for its conversation and the like. */
export const MOST_SAID = 56 * 1_024

/** As JSON in UTF-8, with what stands between two. */
export function sizeOf(said: object): number {
  return new TextEncoder().encode(JSON.stringify(said)).length + 1
}

/**
 * All that is due, where there is room for it. Else the newest stretches that the wire has not taken; the others are still due when it has.
 * @param taken - what the wire has taken
 */
export function partOf(due: Progress, taken: Progress, room = MOST_SAID): Progress {
  if (countWithin(due.ranges, room) === due.ranges.length) return due
  const newestFirst = untaken(due, taken).reverse()
  return { upTo: due.upTo, ranges: newestFirst.slice(0, countWithin(newestFirst, room)).reverse() }
}

/** One at least, however large: nothing would ever leave. */
function countWithin(ranges: readonly PointRange[], room: number): number {
  let bytes = 0
  const end = ranges.findIndex((range, index) => (bytes += sizeOf(range)) > room && index > 0)
  return end < 0 ? ranges.length : end
}

function untaken({ ranges }: Progress, taken: Progress): PointRange[] {
  let index = 0
  return ranges.filter(({ from, to }) => {
    if (taken.upTo !== null && comparePoints(to, taken.upTo) <= 0) return false
    while (index < taken.ranges.length && comparePoints(taken.ranges[index]!.to, to) < 0) index += 1
    const cover = taken.ranges[index]
    return cover === undefined || comparePoints(cover.from, from) > 0
  })
}
