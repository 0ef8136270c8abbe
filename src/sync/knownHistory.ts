import type { Conversation, Point } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { loadGaps } from './gapRows.js'
import { holesOf, stretchEndsOf } from './holes.js'
import { LATE_MS } from './late.js'
import { neverCame } from './neverCame.js'
import { newestTimed, timedRows } from './serverTime.js'
import type { KnownHistory } from './stretches.js'

/** Rows looked at, from the newest, for one that is old enough; what more than so many have overtaken comes no more either. */
const OVERTAKING_ROWS = 1_000
/** Mostly enough. */
const FEW_ROWS = 100

/** What this device knows of what may lie between its rows. */
export async function knownHistory(tx: StorageTx, ctx: SyncContext, conversation: Conversation, changes: Changes): Promise<KnownHistory> {
  const gaps = [...(await loadGaps(tx, conversation.id, changes)), ...(await neverCame(tx, ctx, conversation.id))]
  // A missing number tells of itself.
  if (ctx.transport.capabilities.dense) return { gaps, dense: true }
  const holes = [...(await holesOf(tx, conversation.id)), ...(await stretchEndsOf(tx, conversation.id))]
  const borders = (conversation.joined ?? []).flatMap(({ joinedAt, leftAt }) => [joinedAt, leftAt].filter((border) => border !== null))
  return { gaps, dense: false, holes, settledUpTo: await settledUpTo(tx, ctx, conversation), borders }
}

/** The last order of the newest epoch between which and those before it nothing can come any more. Of a head that was only announced what stands before it may still be on its way. */
async function settledUpTo(tx: StorageTx, ctx: SyncContext, { id, head }: Pick<Conversation, 'id' | 'head'>, now = -Infinity): Promise<number> {
  const { capabilities } = ctx.transport
  if (capabilities.order === 'time') return Math.max((await newestTimed(tx, ctx.me, id))?.at?.order ?? 0, now) - LATE_MS
  if (capabilities.inOrder) return Infinity
  const last = await lastSettled(tx, ctx, id, now)
  return last?.epoch === head?.epoch ? (last?.order ?? -Infinity) : -Infinity
}

/**
 * Whether nothing can come any more before a place. What is of an earlier epoch has not to wait until the numbers of a new one are as high.
 * @param now - what time it is at the server, at least. Default: that of the newest message
 */
export async function settlement(tx: StorageTx, ctx: SyncContext, conversation: Pick<Conversation, 'id' | 'head'>, now = -Infinity): Promise<(place: Point) => boolean> {
  const { dense, order, inOrder } = ctx.transport.capabilities
  if (dense) return () => true
  if (order === 'time' || inOrder) {
    const end = await settledUpTo(tx, ctx, conversation, now)
    return (place) => place.order <= end
  }
  const last = await lastSettled(tx, ctx, conversation.id, now)
  return (place) => last !== null && (place.epoch < last.epoch || (place.epoch === last.epoch && place.order <= last.order))
}

async function lastSettled(tx: StorageTx, { me }: SyncContext, id: Conversation['id'], now: number): Promise<Point | null> {
  let last: Point | null = null
  for (const limit of [FEW_ROWS, OVERTAKING_ROWS]) {
    const rows = await tx.messages.page({ conversationId: id, limit })
    const timed = await timedRows(tx, me, id, rows)
    const newest = timed.at(-1)
    const settled = newest && timed.findLast(({ time }) => time <= Math.max(newest.time, now) - LATE_MS)
    if (settled) return settled.at
    if (rows.length < limit) return null
    last = rows[0]!.at
  }
  return last
}
