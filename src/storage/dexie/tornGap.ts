/** A stretch of missing history whose row is torn: nobody knows any more how far it reached, so it reaches as far as it may have. */
import { comparePoints, isPoint, type ConversationId, type Point } from '../../model/index.js'
import { isRow, own } from '../rows/fields.js'
import type { Gap } from '../storage.js'

/** @param newest - the last place of the conversation at which something is here */
export function tornGap(conversationId: ConversationId, value: unknown, newest: Point | null): Gap {
  const ends = isRow(value) ? value : {}
  const [after, before] = [placeOf(own(ends, 'after')), own(ends, 'before')]
  // One of its ends is not its own, and nobody knows which.
  if (isCrossed(value)) return { ...tornGap(conversationId, { after: own(ends, 'after') }, newest), after: null }
  // Nothing is here beyond one that is open.
  if (before === null) return { conversationId, after: after ?? newest, before }
  const end = placeOf(before) ?? newest
  return { conversationId, after, before: after && end && comparePoints(after, end) >= 0 ? null : end }
}

/** Whether it begins behind its end. No gap is written so. */
export function isCrossed(value: unknown): boolean {
  const ends = isRow(value) ? value : {}
  const [after, before] = [placeOf(own(ends, 'after')), placeOf(own(ends, 'before'))]
  return after !== null && before !== null && comparePoints(after, before) > 0
}

function placeOf(value: unknown): Point | null {
  return isPoint(value) ? value : null
}
