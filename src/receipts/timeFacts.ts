import { comparePoints, type Point } from '../model/index.js'
import type { TimeFact } from './readState.js'

/** Times kept of one member and kind; beyond, those of the oldest messages go, and their time is unknown. Who read what is kept elsewhere, whole. */
export const MAX_TIMES = 500

/**
 * Both lists of facts, without those that another makes needless: one that covers at least as much, no later.
 * Facts are never split and never merged, so the result is the same in any order of joining, as long as they are not too many to keep.
 *
 * @returns `facts` itself when `more` adds nothing
 */
export function joinTimes(facts: readonly TimeFact[], more: readonly TimeFact[]): readonly TimeFact[] {
  let joined = facts
  for (const fact of more) joined = addFact(joined, fact)
  return joined
}

/** The earliest time of a fact that covers `point`, epoch milliseconds; null = unknown. */
export function earliestTime(facts: readonly TimeFact[], point: Point): number | null {
  let earliest: number | null = null
  for (const fact of facts) {
    if (earliest !== null && fact.time >= earliest) continue
    if (comparePoints(point, fact.to) <= 0 && compareStarts(fact.from, point) <= 0) earliest = fact.time
  }
  return earliest
}

function addFact(facts: readonly TimeFact[], fact: TimeFact): readonly TimeFact[] {
  if (facts.some((known) => makesNeedless(known, fact))) return facts
  const kept = facts.filter((known) => !makesNeedless(fact, known))
  const place = kept.findIndex((known) => compareFacts(known, fact) > 0)
  if (kept.length >= MAX_TIMES) return place === 0 ? facts : withFact(kept.slice(1), fact, place < 0 ? place : place - 1)
  return withFact(kept, fact, place)
}

function withFact(kept: readonly TimeFact[], fact: TimeFact, place: number): readonly TimeFact[] {
  return place < 0 ? [...kept, fact] : [...kept.slice(0, place), fact, ...kept.slice(place)]
}

function makesNeedless(strong: TimeFact, weak: TimeFact): boolean {
  return strong.time <= weak.time && compareStarts(strong.from, weak.from) <= 0 && comparePoints(strong.to, weak.to) >= 0
}

/** One order for every replica, so that equal sets of facts are equal bytes. */
function compareFacts(a: TimeFact, b: TimeFact): number {
  return comparePoints(a.to, b.to) || compareStarts(a.from, b.from) || a.time - b.time
}

function compareStarts(a: Point | null, b: Point | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1
  return comparePoints(a, b)
}
