/**
 * Up to where it is sure that nothing is missing. Where messages overtake each other, one that was under way when the connection broke does not come any more: the newest
 * that is here says nothing of it. What was asked for is sure, however long ago it was said, so that nothing is asked for twice.
 */
import { comparePoints, isPoint, maxPoint, type ConversationId, type Point } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import type { HistoryPage } from '../transport/index.js'
import type { SyncContext } from './context.js'
import { lastSure, missingNumbers, newestHeard } from './neverCame.js'
import { placesOfPage } from './pageEnds.js'

type Wire = Pick<SyncContext, 'me' | 'transport'>

/** Null: of nothing that is here. */
export async function surePlace(tx: StorageTx, ctx: Wire, id: ConversationId): Promise<Point | null> {
  const newest = await newestHeard(tx, id)
  if (newest === null || ctx.transport.capabilities.inOrder) return newest
  const asked = await tx.meta.get<unknown>(keyOf(id))
  // Where only time orders, what is late was in no answer yet.
  const known = isPoint(asked) && ctx.transport.capabilities.order !== 'time' ? asked : null
  if (known && comparePoints(known, newest) >= 0) return newest
  const sure = maxPoint(known, await lastSure(tx, ctx, id))
  // A missing number tells of itself.
  const missing = ctx.transport.capabilities.dense ? await missingNumbers(tx, id, { after: sure, before: newest }) : [{ after: sure }]
  return missing.length === 0 ? newest : missing[0]!.after
}

/** Behind which something may be missing of what is here, where other messages come than those that the wire brings. What was under way comes again from a cursor, and from a queue whose wire has no history. */
export async function knownUpTo(tx: StorageTx, ctx: Wire, id: ConversationId): Promise<Point | null> {
  return isReplayed(ctx) ? newestHeard(tx, id) : surePlace(tx, ctx, id)
}

/** Whether an answer to sending may come before what was under way when the connection broke, and comes again by itself. By its time that would come no more. */
export function overtakesReplay(ctx: Pick<SyncContext, 'transport'>): boolean {
  return isReplayed(ctx) && ctx.transport.capabilities.inOrder !== true
}

function isReplayed({ transport: { capabilities: { catchUp, history } } }: Pick<SyncContext, 'transport'>): boolean {
  return catchUp === 'cursor' || (catchUp === 'queue' && !history)
}

/** The newest page was fetched: all up to its end is here, or known to be missing. @param newest - that was here before it was asked for */
export async function noteAsked(tx: StorageTx, id: ConversationId, newest: Point | null, page: HistoryPage): Promise<void> {
  const at = placesOfPage(page).reduce(maxPoint, newest)
  if (at) await tx.meta.put(keyOf(id), at)
}

const keyOf = (id: ConversationId) => `asked ${id}`
