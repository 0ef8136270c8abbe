/** The one question about a progress that a screen asks: apart, so that a page which only shows messages loads nothing else of it. */
import { comparePoints, type Point, type PointRange, type Progress } from '../model/index.js'

/** Whether `point` was reached. A binary search over the ranges. @public */
export function coversPoint(progress: Progress, point: Point): boolean {
  if (progress.upTo !== null && comparePoints(point, progress.upTo) <= 0) return true
  const { ranges } = progress
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (comparePoints((ranges[middle] as PointRange).to, point) < 0) low = middle + 1
    else high = middle
  }
  const range = ranges[low]
  return range !== undefined && comparePoints(range.from, point) <= 0
}
