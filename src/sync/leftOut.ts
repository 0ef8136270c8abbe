import { comparePoints, type Member, type Message, type Point, type PointRange } from '../model/index.js'
import { absencesOf, type Absence } from './absences.js'
import { isErased } from './erased.js'
import type { Missing } from './notedMissing.js'
import { FIRST_PLACE, LAST_PLACE } from './places.js'
import { isHole } from './stretches.js'

export interface LeftOut {
  /** Whether a message is only deleted for somebody else. */
  leavesOut(message: Message & { readonly at: Point }, isMine: boolean): boolean
  /** Somebody else: what was said while they were away never came to them. */
  wroteIt(member: Member): void
  /** The writer could not show what stands there: it may be well here. Comes before what stands behind it. */
  hasHole(hole: PointRange): void
  /** A line that cannot be read may have been a message. */
  skip(): void
  /** Nothing follows. */
  end(): void
}

/**
 * What somebody else deleted for themselves is not deleted here: it is missing, and fetched as such, as is what cannot be read, here or by the writer. Expects messages in order.
 * @param onMissing - told of each place before the message behind it is stored
 */
export function createLeftOut(onMissing: (gap: Missing) => void): LeftOut {
  let last: Point | null = null
  let isOpen = false
  let absences: readonly Absence[] = []
  const holes: PointRange[] = []
  const hadHole = (next: Point) => isHole(last ?? FIRST_PLACE, next, holes)
  return {
    wroteIt({ intervals }) {
      absences = absencesOf(intervals)
    },
    leavesOut(message, isMine) {
      if (message.hidden && !isErased(message) && !isMine) return (isOpen = true)
      // Of two files one behind the other the second may begin before the first ends: then as much is missing as may be.
      const after = last && comparePoints(last, message.at) < 0 ? last : null
      if (isOpen || hadHole(message.at) || wereAway(absences, last, message.at)) onMissing({ after, before: message.at })
      isOpen = false
      last = message.at
      return false
    },
    hasHole(hole) {
      holes.push(hole)
    },
    skip() {
      isOpen = true
    },
    end() {
      if (isOpen || hadHole(LAST_PLACE)) onMissing({ after: last, before: null })
    },
  }
}

function wereAway(absences: readonly Absence[], last: Point | null, next: Point): boolean {
  return absences.some(({ leftAt, joinedAt }) => comparePoints(leftAt, next) <= 0 && (last === null || comparePoints(last, joinedAt) < 0))
}
