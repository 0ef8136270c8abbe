/** Pure: where a page of history begins and ends. What is no message in it has no place, or one that is none. */
import { isPoint, type Point } from '../model/index.js'
import type { HistoryPage } from '../transport/index.js'

export interface PageEnds {
  readonly oldest: Point
  readonly newest: Point
}

/** Null: an empty page, or one beyond which nothing is missing. One in which nothing has a place reaches as far as the wire says. */
export function pageEnds({ messages, contiguousTo }: HistoryPage): PageEnds | null {
  if (contiguousTo === null) return null
  const places = (messages as readonly ({ readonly at?: unknown } | null | undefined)[]).flatMap((message) => (isPoint(message?.at) ? [message.at] : []))
  if (places.length > 0) return { oldest: places[0]!, newest: places.at(-1)! }
  return messages.length > 0 && isPoint(contiguousTo) ? { oldest: contiguousTo, newest: contiguousTo } : null
}
