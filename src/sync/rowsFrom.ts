import { comparePoints, type ConversationId, type Message, type Point } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import { FIRST_PLACE } from './places.js'

/** Placed rows, the oldest first, the one at `from` included: a page of the storage begins after its place. May be one more than `limit`. */
export async function rowsFrom(tx: StorageTx, conversationId: ConversationId, from: Point, limit: number): Promise<readonly Message[]> {
  const first = from === FIRST_PLACE ? undefined : await tx.messages.byId(conversationId, from.id)
  const rows = await tx.messages.page({ conversationId, after: from, limit })
  return first?.at && comparePoints(first.at, from) === 0 ? [first, ...rows] : rows
}
