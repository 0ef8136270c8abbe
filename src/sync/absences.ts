/** Pure: when somebody was no member between two times of being one. What was said then was not for them, and nothing of it is missing. */
import { comparePoints, type MembershipInterval, type Point } from '../model/index.js'
import type { Gap } from '../storage/index.js'

export interface Absence {
  readonly leftAt: Point
  readonly joinedAt: Point
}

/** @param intervals - in order, disjoint */
export function absencesOf(intervals: readonly MembershipInterval[]): readonly Absence[] {
  return intervals.flatMap(({ leftAt }, i) => {
    const joinedAt = intervals[i + 1]?.joinedAt ?? null
    return leftAt === null || joinedAt === null ? [] : [{ leftAt, joinedAt }]
  })
}

export function isAbsent(place: Point, absences: readonly Absence[]): boolean {
  return absences.some(({ leftAt, joinedAt }) => comparePoints(leftAt, place) <= 0 && comparePoints(place, joinedAt) < 0)
}

/**
 * Whether everything that may be missing between two places was said in an absence. Only consecutive numbers show it:
 * else something from before leaving may be missing as well.
 */
export function isOnlyAbsence({ after, before }: Pick<Gap, 'after' | 'before'>, absences: readonly Absence[], dense: boolean): boolean {
  if (!dense || after === null || before === null) return false
  const first = { ...after, order: after.order + 1, id: '' }
  const end = { ...before, id: '' }
  return absences.some(({ leftAt, joinedAt }) => comparePoints(leftAt, first) <= 0 && comparePoints(end, joinedAt) <= 0)
}
