/**
 * The server's time, as far as its messages tell. An answer may give a place and no time: what is mine then bears that of this device,
 * whose clock may be far ahead, and by it what comes late would come no more.
 */
import { comparePoints, isPoint, maxPoint, type ConversationId, type Message, type Point, type UserId } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'

/** Of the meta row that holds the last place of a message of mine without a time of the server. */
const keyOf = (id: ConversationId) => `untimed ${id}`
/** Rows looked at for one with such a time. */
const ROWS = 100

export async function noteUntimed(tx: StorageTx, id: ConversationId, at: Point | null): Promise<void> {
  if (at) await tx.meta.put(keyOf(id), maxPoint(await lastUntimed(tx, id), at))
}

export async function lastUntimed(tx: StorageTx, id: ConversationId): Promise<Point | null> {
  const at = await tx.meta.get<unknown>(keyOf(id))
  return isPoint(at) ? at : null
}

/** Those whose times are the server's: what is mine and no later than the last without one may be none of them. */
export async function timedRows(tx: StorageTx, me: UserId, id: ConversationId, rows: readonly Message[]): Promise<readonly Message[]> {
  const untimed = await lastUntimed(tx, id)
  return untimed === null ? rows : rows.filter(({ from, at }) => from !== me || (at !== null && comparePoints(at, untimed) > 0))
}

/**
 * A row of mine without such a time was sent no later than the next that has one: by a clock that is slow, what is missing before it would come no more.
 * @param rows - in order
 */
export async function withServerTimes(tx: StorageTx, me: UserId, id: ConversationId, rows: readonly Message[]): Promise<readonly Message[]> {
  const timed = new Set(await timedRows(tx, me, id, rows))
  if (timed.size === rows.length) return rows
  let next = Infinity
  return rows.map((_, i) => rows.at(-1 - i)!).map((row) => {
    if (!timed.has(row)) return { ...row, time: next }
    next = row.time
    return row
  }).reverse()
}

/** Time of the newest message, epoch milliseconds of the server; 0 where none is known. */
export async function newestTime(tx: StorageTx, me: UserId, id: ConversationId): Promise<number> {
  return (await newestTimed(tx, me, id))?.time ?? 0
}

export async function newestTimed(tx: StorageTx, me: UserId, id: ConversationId): Promise<Message | undefined> {
  const limit = (await lastUntimed(tx, id)) === null ? 1 : ROWS
  return (await timedRows(tx, me, id, await tx.messages.page({ conversationId: id, limit }))).at(-1)
}
