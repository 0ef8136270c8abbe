import { firstIndex } from '../model/firstIndex.js'
import { comparePoints, type Point } from '../model/index.js'
import { sameItems } from '../model/sameItems.js'
import type { TimeFact } from './readState.js'

/** So many are joined one by one; more are sorted together, which costs as much for ten thousand as for ten, each. */
const FEW = 8

/**
 * Both lists of facts, without those that another makes needless: one that covers at least as much, no later.
 * Facts are never split, never merged and none is let go of here, so the result is the same in any order of joining; how many are kept is for who stores them.
 *
 * @returns `facts` itself when `more` adds nothing
 */
export function joinTimes(facts: readonly TimeFact[], more: readonly TimeFact[]): readonly TimeFact[] {
  if (more.length > FEW) return joinMany(facts, more)
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
  return place < 0 ? [...kept, fact] : [...kept.slice(0, place), fact, ...kept.slice(place)]
}

/** Whatever could make one needless comes before it: the furthest first, of those the widest, of those the earliest. */
function joinMany(facts: readonly TimeFact[], more: readonly TimeFact[]): readonly TimeFact[] {
  const strongFirst = [...facts, ...more].sort((a, b) => comparePoints(b.to, a.to) || compareStarts(a.from, b.from) || a.time - b.time)
  /** Of those that came: the wider, the later. The last that begins at or before a point is the earliest of all that do. */
  const front: TimeFact[] = []
  const kept = strongFirst.filter((fact) => {
    const place = firstIndex(front, (other) => compareStarts(other.from, fact.from) > 0)
    if (place > 0 && front[place - 1]!.time <= fact.time) return false
    let end = place
    while (end < front.length && front[end]!.time >= fact.time) end += 1
    front.splice(place, end - place, fact)
    return true
  })
  kept.sort(compareFacts)
  return sameItems(kept, facts) ? facts : kept
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
