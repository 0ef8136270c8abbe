/**
 * On a wire that has history and tells nothing of an absence by itself: what is written at the moment in which the connection comes back comes before the answer
 * to what was missed. As the newest message here it would say that nothing before it is missing. What lies before it is noted with it, for the page may be gone
 * before the answer comes, and is no gap of the screen: mostly it is here a moment later.
 */
import { comparePoints, type ConversationId, type Point } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import type { IncomingMessage, TransportEvent } from '../transport/index.js'
import { whyMalformed } from './applyMessages.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { loadGaps, recordGap, recountUnread } from './gapRows.js'
import { earliest, missingNumbers, newestHeard } from './neverCame.js'
import { forgetKnown, putKnown, storedMissing, type Missing } from './notedMissing.js'
import type { Unasked } from './unasked.js'

/** Stretches noted of one conversation, of connections that ended before they were answered; beyond, the oldest two become one that reaches over both. */
const MOST_NOTED = 50

/** Whether what is said while this device is away has to be asked for. */
export function asksForAbsences({ transport: { capabilities, history } }: Pick<SyncContext, 'transport'>): boolean {
  return history !== undefined && capabilities.history && capabilities.catchUp !== 'cursor'
}

/**
 * Conversations that are heard of for the first time, where nobody can ask for a list of them and nothing says what was said in them before: that is known to be missing.
 * Asked before they are stored.
 */
export async function strangersIn(tx: StorageTx, ctx: SyncContext, batch: readonly TransportEvent[]): Promise<readonly ConversationId[]> {
  if (ctx.transport.conversations !== undefined || !asksForAbsences(ctx)) return []
  const strangers: ConversationId[] = []
  for (const id of new Set(batch.flatMap(conversationOf))) if ((await tx.conversations.get(id)) === undefined) strangers.push(id)
  return strangers
}

function conversationOf(event: TransportEvent): readonly ConversationId[] {
  if (event.type === 'conversation') return [event.conversation.id]
  return event.type === 'message' && whyMalformed(event.message) === null ? [event.message.conversationId] : []
}

export interface Overtaking {
  /** In which something came by itself for the first time since the connection came back. */
  readonly came: readonly ConversationId[]
  /** Those of them in which something may be missing before it. */
  readonly missing: readonly ConversationId[]
}

/** Messages come by themselves. Before they are stored. */
export async function noteOvertaking(tx: StorageTx, ctx: SyncContext, unasked: Unasked, messages: readonly IncomingMessage[]): Promise<Overtaking> {
  const came: ConversationId[] = []
  const missing: ConversationId[] = []
  if (!asksForAbsences(ctx)) return { came, missing }
  for (const id of new Set(messages.map(({ conversationId }) => conversationId))) {
    if (!unasked.isFirst(id)) continue
    const after = await newestHeard(tx, id)
    const before = earliest(messages.flatMap(({ conversationId, at }) => (conversationId === id && (after === null || comparePoints(at, after) > 0) ? [at] : [])))
    if (!before) continue
    came.push(id)
    if (ctx.transport.capabilities.dense && (await missingNumbers(tx, id, { after, before })).length === 0) continue
    await addMissing(tx, id, { after, before })
    missing.push(id)
  }
  return { came, missing }
}

async function addMissing(tx: StorageTx, id: ConversationId, more: Missing): Promise<void> {
  const [first, second, ...others] = [...(await storedMissing(tx, id)), more]
  const isTooMany = others.length > MOST_NOTED - 2
  await putKnown(tx, id, { missing: isTooMany ? [{ after: first!.after, before: second!.before }, ...others] : [first!, ...(second ? [second] : []), ...others] })
}

/**
 * What was missed was asked for. What is left of it is missing history like any other.
 * @param oldest - from where on all is here; null: all is here; undefined: nothing was fetched
 */
export async function settleMissing(tx: StorageTx, ctx: SyncContext, conversationId: ConversationId, oldest: Point | null | undefined, changes: Changes): Promise<void> {
  const missing = await storedMissing(tx, conversationId)
  if (missing.length === 0) return
  await forgetKnown(tx, conversationId)
  for (const { after, before } of missing) {
    if (oldest === null || (oldest && after && comparePoints(after, oldest) >= 0)) continue
    const isCut = oldest && (before === null || comparePoints(oldest, before) < 0)
    await recordGap(tx, ctx, { conversationId, after, before: isCut ? oldest : before }, changes)
  }
  // What stood in the way of a position does no more.
  changes.gaps.set(conversationId, await loadGaps(tx, conversationId, changes))
  await recountUnread(tx, ctx, conversationId, changes)
}
