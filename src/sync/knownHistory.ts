import type { Conversation, Point } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { loadGaps } from './gapRows.js'
import { holesOf } from './holes.js'
import type { KnownHistory } from './stretches.js'

/** A message this much older than the newest comes late no more, milliseconds of the server's. */
export const LATE_MS = 10 * 60_000
/** Rows looked at, from the newest, for one that is old enough; what more than so many have overtaken comes no more either. */
const OVERTAKING_ROWS = 1_000
/** Mostly enough. */
const FEW_ROWS = 100

/** What this device knows of what may lie between its rows. */
export async function knownHistory(tx: StorageTx, ctx: SyncContext, conversation: Conversation, changes: Changes): Promise<KnownHistory> {
  const gaps = await loadGaps(tx, conversation.id, changes)
  // A missing number tells of itself.
  if (ctx.transport.capabilities.dense) return { gaps, dense: true }
  return { gaps, dense: false, holes: await holesOf(tx, conversation.id), settledUpTo: await settledUpTo(tx, ctx, conversation) }
}

/** The last order between which and those before it nothing can come any more. */
export async function settledUpTo(tx: StorageTx, { transport: { capabilities } }: SyncContext, { id, head }: Pick<Conversation, 'id' | 'head'>): Promise<number> {
  if (capabilities.dense) return Infinity
  if (capabilities.order === 'time') return (head?.order ?? 0) - LATE_MS
  return capabilities.inOrder ? Infinity : settledOrder(tx, id, head)
}

async function settledOrder(tx: StorageTx, id: Conversation['id'], head: Point | null): Promise<number> {
  if (head === null) return -Infinity
  let last = -Infinity
  for (const limit of [FEW_ROWS, OVERTAKING_ROWS]) {
    const rows = await tx.messages.page({ conversationId: id, limit })
    const newest = rows.at(-1)
    if (!newest) return -Infinity
    const settled = rows.findLast(({ at, time }) => at!.epoch === newest.at!.epoch && time <= newest.time - LATE_MS)
    if (settled) return settled.at!.order
    if (rows.length < limit) return -Infinity
    last = rows[0]!.at!.order
  }
  return last
}
