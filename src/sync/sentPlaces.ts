/**
 * Where messages of mine stand of which only the answer has come. An answer overtakes what others wrote before: as the newest message here it would say
 * that nothing before it is missing, and what was missed would never be fetched, nor known to be missing. Kept in the rows: the page may be gone before it comes.
 */
import { comparePoints, isPoint, type ConversationId, type Point } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import type { IncomingMessage } from '../transport/index.js'
import type { Missing } from './notedMissing.js'

/** The earliest in a conversation. One that is torn says nothing. */
export async function answeredPlace(tx: StorageTx, id: ConversationId): Promise<Point | undefined> {
  const at = await tx.meta.get<unknown>(keyOf(id))
  return isPoint(at) ? at : undefined
}

/** In the transaction that stores the answer, before its row is put. @param dense - numbers are consecutive: then nothing is missing before the next one */
export async function noteAnswered(tx: StorageTx, id: ConversationId, at: Point, dense: boolean): Promise<void> {
  const [newest] = await tx.messages.page({ conversationId: id, limit: 1 })
  const isNext = dense && newest?.at?.epoch === at.epoch && newest.at.order + 1 === at.order
  if (!isNext) await joinAnswered(tx, id, at, newest?.at ?? null)
}

/** @param newest - that was here before it */
export async function joinAnswered(tx: StorageTx, id: ConversationId, at: Point, newest: Point | null): Promise<void> {
  const isHeard = newest && comparePoints(newest, at) >= 0
  const known = await answeredPlace(tx, id)
  if (!isHeard && (!known || comparePoints(at, known) < 0)) await tx.meta.put(keyOf(id), at)
}

/** Rows looked at behind it; what more than so many answers overtook is told by the next file. */
const MOST_ANSWERED = 100

/** What may be missing before each of them, while nobody has told. */
export async function beforeAnswered(tx: StorageTx, id: ConversationId): Promise<readonly Missing[]> {
  const first = await answeredPlace(tx, id)
  if (!first) return []
  const [newest] = await tx.messages.page({ conversationId: id, before: first, limit: 1 })
  const behind = await tx.messages.page({ conversationId: id, after: first, limit: MOST_ANSWERED })
  const places = [newest?.at ?? null, first, ...behind.flatMap(({ at }) => at ?? [])]
  return places.slice(1).map((before, i) => ({ after: places[i]!, before: before! }))
}

/** What comes by itself, or was fetched, comes after what was before it. What was answered behind it is still alone. Once they are stored. */
export async function noteHeard(tx: StorageTx, messages: Iterable<Pick<IncomingMessage, 'conversationId' | 'at'>>): Promise<void> {
  const newest = new Map<ConversationId, Point>()
  for (const { conversationId: id, at } of messages) {
    const known = newest.get(id)
    if (!known || comparePoints(at, known) > 0) newest.set(id, at)
  }
  for (const [id, at] of newest) await noteHeardUpTo(tx, id, at)
}

/** All up to there was told, or asked for. */
export async function noteHeardUpTo(tx: StorageTx, id: ConversationId, at: Point): Promise<void> {
  const known = await answeredPlace(tx, id)
  if (!known || comparePoints(at, known) < 0) return
  const [next] = await tx.messages.page({ conversationId: id, after: at, limit: 1 })
  if (next?.at) await tx.meta.put(keyOf(id), next.at)
  else await tx.meta.delete(keyOf(id))
}

const keyOf = (id: ConversationId) => `answered ${id}`
