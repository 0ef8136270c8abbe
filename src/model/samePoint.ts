import { comparePoints, type Point } from './point.js'

/** Whether both are the same place, or both none. */
export function samePoint(a: Point | null, b: Point | null): boolean {
  return a === b || (a !== null && b !== null && comparePoints(a, b) === 0)
}
