/** Rows that no wire brings: of a file, or of a time in memory. They are told apart as those of a wire are, and say as much. */
import { comparePoints, type Message, type MessageId, type Point, type UserId } from '../model/index.js'
import { placesOf } from '../model/placesOf.js'
import type { StorageTx } from '../storage/index.js'
import type { SyncContext } from './context.js'
import { noteOtherPlaces, noteOwnPlaces } from './holes.js'

/** The stored row of each: the same message has another local id where a wire told it without its own, and is recognised by any of its ids. */
export async function findSame(tx: StorageTx, { me, transport }: SyncContext, head: Point | null, rows: readonly Message[]): Promise<readonly (Message | undefined)[]> {
  const byKey = await tx.messages.getMany(rows)
  // As what a wire brings: beyond all that is here nothing stands but echoes of mine.
  const isNew = ({ from, at }: Message) => from !== me && at !== null && (head === null || (transport.capabilities.order === 'sequence' && comparePoints(at, head) > 0))
  const asked = rows.flatMap((row, i) => (byKey[i] || isNew(row) ? [] : row.ids.map((id) => ({ i, id, conversationId: row.conversationId, from: row.from }))))
  if (asked.length === 0) return byKey
  const byId = await tx.messages.byIds(asked[0]!.conversationId, asked.map(({ id }) => id))
  const found = [...byKey]
  byId.forEach((row, n) => {
    const { i, from } = asked[n]!
    if (row?.from === from) found[i] ??= row
  })
  return found
}

/**
 * Notes where else the wire stored them: nothing may be claimed over what others wrote there, and no number of mine is missing.
 * @param stored - the rows that they are now, one for each
 */
export async function notePlaces(tx: StorageTx, me: UserId, rows: readonly Message[], stored: readonly Message[]): Promise<void> {
  const mine: Point[] = []
  const others: { readonly at: Point; readonly id: MessageId }[] = []
  rows.forEach((row, i) => {
    const { at, ids } = stored[i]!
    const places = placesOf(row).filter((place) => at && (place.id !== at.id || place.epoch !== at.epoch))
    if (row.from === me) mine.push(...places)
    else others.push(...places.map((place) => ({ at: place, id: ids[0]! })))
  })
  if (mine.length > 0) await noteOwnPlaces(tx, rows[0]!.conversationId, mine)
  if (others.length > 0) await noteOtherPlaces(tx, rows[0]!.conversationId, others)
}
