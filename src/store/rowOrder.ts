/** In which order rows are shown. Apart from the moves of a window, which only a client makes. */
import { comparePoints, type Message, type Point } from '../model/index.js'

/** Placed rows by point; a failed echo behind the message that was the newest when it failed; other echoes last. Echoes as they were queued. */
export function compareRows(a: Message, b: Message, placeA = placeOf(a), placeB = placeOf(b)): number {
  return comparePlaces(placeA, placeB) || Number(a.at === null) - Number(b.at === null) || (a.echoOrder ?? 0) - (b.echoOrder ?? 0)
}

/** Where a row is shown: at or behind a point, before all of them (null), or last. */
type Place = Point | null | typeof LAST
export const LAST = 'last'

export function placeOf({ at, outgoing, failedAfter }: Message): Place {
  if (at !== null) return at
  return outgoing === 'failed' && failedAfter !== undefined ? failedAfter : LAST
}

export function comparePlaces(a: Place, b: Place): number {
  if (a === b) return 0
  if (a === LAST || b === null) return 1
  if (b === LAST || a === null) return -1
  return comparePoints(a, b)
}
