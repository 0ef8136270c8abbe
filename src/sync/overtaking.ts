/**
 * On a wire that has history and tells nothing of an absence by itself: what is written at the moment in which the connection comes back comes before the answer
 * to what was missed. As the newest message here it would say that nothing before it is missing. What lies before it is noted with it, for the page may be gone
 * before the answer comes, and is no gap of the screen: mostly it is here a moment later.
 */
import { comparePoints, maxPoint, type ConversationId, type Point } from '../model/index.js'
import { samePoint } from '../model/samePoint.js'
import type { Gap, StorageTx } from '../storage/index.js'
import type { IncomingMessage, TransportEvent } from '../transport/index.js'
import { whyMalformed } from './applyMessages.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { findEnsured } from './ensure.js'
import { loadGaps, recordAbsence, recountUnread } from './gapRows.js'
import { earliest, missingNumbers, newestHeard } from './neverCame.js'
import { forgetKnown, putKnown, storedMissing, type Missing } from './notedMissing.js'
import { sameGap } from './sameGap.js'
import { surePlace } from './surePlace.js'
import type { Unasked } from './unasked.js'

/** Stretches noted of one conversation, of connections that ended before they were answered; beyond, the oldest two become one that reaches over both. */
const MOST_NOTED = 50

/** Whether what is said while this device is away has to be asked for. */
export function asksForAbsences({ transport: { capabilities, history } }: Pick<SyncContext, 'transport'>): boolean {
  return history !== undefined && capabilities.history && capabilities.catchUp !== 'cursor'
}

export interface Strangers {
  /** Where something may be missing, up to what comes next. */
  readonly missing: readonly Gap[]
  /** In which something came by itself. */
  readonly came: readonly ConversationId[]
}

/**
 * Conversations that nobody has asked for since the connection began: nothing says what was said in them before what comes by itself, and that is known to be missing.
 * Either the wire lists none, or the app has made them known since, or a file has; or the wire names one since, and tells of a newest message before what comes. Asked before what comes is stored.
 */
export async function strangersIn(tx: StorageTx, ctx: SyncContext, unasked: Unasked, batch: readonly TransportEvent[]): Promise<Strangers> {
  const missing: Gap[] = []
  const came: ConversationId[] = []
  if (!asksForAbsences(ctx)) return { missing, came }
  const isListed = ctx.transport.conversations !== undefined && unasked.isListed()
  for (const [conversationId, places] of heardIn(batch)) {
    const stored = await tx.conversations.get(conversationId)
    const isKnown = stored !== undefined
    if (isKnown && !unasked.isUnheard(conversationId)) continue
    const newest = isKnown ? await newestHeard(tx, conversationId) : null
    const before = firstBehind(newest, places)
    if (before) came.push(conversationId)
    const head = stored ? stored.head : headIn(batch, conversationId)
    const isTold = before && head && comparePoints(head, before) < 0 && !unasked.isFirst(conversationId)
    const isMissing = isTold || (isKnown ? before && (await findEnsured(tx, conversationId)) !== undefined : !isListed)
    if (isMissing) missing.push({ conversationId, after: isKnown ? await surePlace(tx, ctx, conversationId) : null, before: before ?? null })
  }
  return { missing, came }
}

/** Where the wire tells that its newest message stands. */
function headIn(batch: readonly TransportEvent[], id: ConversationId): Point | null {
  return batch.reduce<Point | null>((head, event) => (event.type === 'conversation' && event.conversation.id === id ? maxPoint(head, event.conversation.head ?? null) : head), null)
}

/** With the places of what was said. */
export function heardIn(batch: readonly TransportEvent[]): ReadonlyMap<ConversationId, readonly Point[]> {
  const heard = new Map<ConversationId, Point[]>()
  const placesIn = (id: ConversationId): Point[] => {
    const places = heard.get(id) ?? []
    heard.set(id, places)
    return places
  }
  for (const event of batch) {
    if (event.type === 'conversation') placesIn(event.conversation.id)
    if (event.type === 'message' && whyMalformed(event.message) === null) placesIn(event.message.conversationId).push(event.message.at)
  }
  return heard
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
    const before = firstBehind(await newestHeard(tx, id), messages.flatMap(({ conversationId, at }) => (conversationId === id ? [at] : [])))
    if (!before) continue
    came.push(id)
    const after = await surePlace(tx, ctx, id)
    if (ctx.transport.capabilities.dense && (await missingNumbers(tx, id, { after, before })).length === 0) continue
    await addMissing(tx, id, { after, before })
    missing.push(id)
  }
  return { came, missing }
}

function firstBehind(newest: Point | null, places: readonly Point[]): Point | undefined {
  return earliest(places.filter((place) => newest === null || comparePoints(place, newest) > 0))
}

/** A message of mine is answered before it is known what was missed: by its time nothing would come any more that was under way when the connection broke. Before it is stored. */
export async function noteAnswerFirst(tx: StorageTx, ctx: SyncContext, unasked: Unasked, id: ConversationId, changes: Changes): Promise<void> {
  if (!asksForAbsences(ctx) || !(unasked.isAnnounced() || unasked.isFirst(id))) return
  const before = await newestHeard(tx, id)
  const after = await surePlace(tx, ctx, id)
  if (samePoint(after, before)) return
  await addMissing(tx, id, { after, before })
  await recountUnread(tx, ctx, id, changes)
}

async function addMissing(tx: StorageTx, id: ConversationId, more: Missing): Promise<void> {
  const known = await storedMissing(tx, id)
  if (known.some((one) => sameGap(one, more))) return
  const [first, second, ...others] = [...known, more]
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
    await recordAbsence(tx, ctx, { conversationId, after, before: isCut ? oldest : before }, [], changes)
  }
  // What stood in the way of a position does no more.
  changes.gaps.set(conversationId, await loadGaps(tx, conversationId, changes))
  await recountUnread(tx, ctx, conversationId, changes)
}
