/** Pure: where a page of history begins and ends. What is no message in it has no place, or one that is none. */
import { comparePoints, isPoint, type Point } from '../model/index.js'
import type { HistoryPage } from '../transport/index.js'

/** How far it is whole: asked for from above down to `oldest`, from below up to `newest`. */
export interface PageEnds {
  readonly oldest: Point
  readonly newest: Point
}

/** Null: beyond it nothing is missing. One that has holes is whole as far as the wire says, as is one in which nothing has a place. */
export function pageEnds({ messages, contiguousTo }: HistoryPage): PageEnds | null {
  if (contiguousTo === null) return null
  const places = placesOfPage({ messages })
  const said = isPoint(contiguousTo) ? [contiguousTo] : []
  const [oldest, newest] = [[...places.slice(0, 1), ...said], [...places.slice(-1), ...said]].map((ends) => ends.sort(comparePoints))
  return oldest!.length > 0 ? { oldest: oldest!.at(-1)!, newest: newest![0]! } : null
}

export function placesOfPage({ messages }: Pick<HistoryPage, 'messages'>): readonly Point[] {
  return (messages as readonly ({ readonly at?: unknown } | null | undefined)[]).flatMap((message) => (isPoint(message?.at) ? [message.at] : []))
}
