/** A stretch of missing history whose row is torn: nobody knows any more how far it reached, so it reaches as far as it may have. */
import { comparePoints, isPoint, type ConversationId, type Point } from '../../model/index.js'
import { isRow, own } from '../rows/fields.js'
import { gapFault, type RowFault } from '../rows/rowFaults.js'
import type { Gap } from '../storage.js'

/** Why what lies there is no such stretch. None is written that begins behind its end. */
export const storedGapFault: RowFault = (value) => gapFault(value) ?? (isCrossed(value) ? 'after is behind before' : null)

/** @param newest - the last place of the conversation at which something is here */
export function tornGap(conversationId: ConversationId, value: unknown, newest: Point | null): Gap {
  const [from, before] = endsOf(value)
  const after = placeOf(from)
  // One of its ends is not its own, and nobody knows which.
  if (isCrossed(value)) return { ...tornGap(conversationId, { after }, newest), after: null }
  // Nothing is here beyond one that is open.
  if (before === null) return { conversationId, after: after ?? newest, before }
  const end = placeOf(before) ?? newest
  return { conversationId, after, before: after && end && comparePoints(after, end) >= 0 ? null : end }
}

function isCrossed(value: unknown): boolean {
  const [after, before] = endsOf(value).map(placeOf)
  return Boolean(after && before && comparePoints(after, before) > 0)
}

/** Whatever stands there. */
function endsOf(value: unknown): readonly [after: unknown, before: unknown] {
  const ends = isRow(value) ? value : {}
  return [own(ends, 'after'), own(ends, 'before')]
}

function placeOf(value: unknown): Point | null {
  return isPoint(value) ? value : null
}
