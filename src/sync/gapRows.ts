/** Stretches of history that are known to be missing, inside one transaction. */
import { comparePoints, maxPoint, type ConversationId, type Point } from '../model/index.js'
import { samePoint } from '../model/samePoint.js'
import { NO_OWN_STATE } from '../receipts/index.js'
import type { Gap, StorageTx } from '../storage/index.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { loadConversation, loadOwn, saveConversation } from './conversationRows.js'
import { earliest } from './neverCame.js'
import { FIRST_PLACE } from './places.js'
import { sameGap } from './sameGap.js'
import { countUnreadRows } from './unread.js'

/** What is known to be missing of a conversation. */
export async function loadGaps(tx: StorageTx, id: ConversationId, { stored }: Changes): Promise<readonly Gap[]> {
  const gaps = stored.gaps.get(id) ?? (await tx.gaps.list(id))
  stored.gaps.set(id, gaps)
  return gaps
}

async function saveGaps(tx: StorageTx, id: ConversationId, known: readonly Gap[], changes: Changes): Promise<void> {
  const gaps = withoutRepeats(known)
  await tx.gaps.replace(id, gaps)
  changes.stored.gaps.set(id, gaps)
  changes.gaps.set(id, gaps)
}

/** Each once. There may be thousands. */
function withoutRepeats(gaps: readonly Gap[]): readonly Gap[] {
  const named = new Map<string, Gap>()
  for (const gap of gaps) {
    const name = JSON.stringify([gap.after, gap.before].map((end) => end && [end.epoch, end.order, end.id]))
    if (!named.has(name)) named.set(name, gap)
  }
  return [...named.values()]
}

/** Missing history; an open end closes at the first row that is there beyond it. */
export async function recordGap(tx: StorageTx, ctx: SyncContext, gap: Gap, changes: Changes): Promise<void> {
  await recordGaps(tx, ctx, gap.conversationId, [gap], changes)
}

/** All that is told at once in one write, and counted once. */
export async function recordGaps(tx: StorageTx, ctx: SyncContext, conversationId: ConversationId, told: readonly Pick<Gap, 'after' | 'before'>[], changes: Changes): Promise<void> {
  const known = withoutRepeats(await loadGaps(tx, conversationId, changes))
  const more: Gap[] = []
  for (const { after, before } of told) {
    const next = before ?? (await tx.messages.page({ conversationId, after: after ?? FIRST_PLACE, limit: 1 }))[0]?.at ?? null
    const gap = { conversationId, after, before: next }
    const missing = ctx.transport.capabilities.dense ? await stillMissing(tx, gap) : gap
    if (missing) more.push(missing)
  }
  const gaps = withoutRepeats([...known, ...more])
  if (gaps.length === known.length) return
  await saveGaps(tx, conversationId, gaps, changes)
  await recountUnread(tx, ctx, conversationId, changes)
}

/** @param came - places of what came since */
export async function recordAbsence(tx: StorageTx, ctx: SyncContext, gap: Gap, came: readonly Point[], changes: Changes): Promise<void> {
  await recordGaps(tx, ctx, gap.conversationId, await absenceIn(tx, gap, came), changes)
}

/**
 * Missing up to what comes next. What was here before ends nothing of it: it came by an answer, or by something that a cursor does not cover. Then something may be missing
 * before that as well as behind it.
 *
 * @param came - places of what came since
 */
export async function absenceIn(tx: StorageTx, gap: Gap, came: readonly Point[]): Promise<readonly Gap[]> {
  const { conversationId, after, before } = gap
  const next = before ?? earliest(came.filter((place) => liesIn(place, gap)))
  if (next) return [{ ...gap, before: next }]
  const [newest] = await tx.messages.page({ conversationId, limit: 1 })
  const isBehind = newest?.at && (after === null || comparePoints(newest.at, after) > 0)
  return isBehind ? [{ ...gap, before: newest.at }, { ...gap, after: newest.at }] : [gap]
}

/** Rows looked at in one page. */
const ROWS = 500

/**
 * What is told again may have been fetched meanwhile: a page was closed before it had noted how far it was told. Where numbers are consecutive,
 * rows that are here show that nothing lies between them.
 */
async function stillMissing(tx: StorageTx, gap: Gap): Promise<Gap | null> {
  let { before } = gap
  while (before !== null) {
    const rows = await tx.messages.page({ conversationId: gap.conversationId, before, ...(gap.after && { after: gap.after }), limit: ROWS })
    for (const { at } of rows.toReversed()) {
      if (!isNext(at, before)) return { ...gap, before }
      before = at
    }
    if (rows.length < ROWS) return isNext(gap.after ?? FIRST_PLACE, before) ? null : { ...gap, before }
  }
  return gap
}

function isNext(a: Point | null, b: Point | null): boolean {
  return a !== null && b !== null && a.epoch === b.epoch && a.order + 1 === b.order
}

/**
 * Gaps that reach up to what comes next end where it came, and those in which something came become smaller where it shows that nothing is missing.
 * The answer to a message of mine, which may have been sent before the absence, ends none.
 *
 * @param places - of what came
 */
export async function closeOpenGaps(tx: StorageTx, ctx: SyncContext, conversationId: ConversationId, places: readonly Point[], changes: Changes): Promise<void> {
  const gaps = await loadGaps(tx, conversationId, changes)
  const came = [...changes.rows.values()].filter((row) => row.conversationId === conversationId && row.at !== null)
  const isSmaller = (gap: Gap) => ctx.transport.capabilities.dense && came.some(({ at }) => liesIn(at!, gap))
  if (!gaps.some((gap) => gap.before === null || isSmaller(gap))) return
  const left: Gap[] = []
  for (const gap of gaps) {
    const closed = { ...gap, before: gap.before ?? earliest(places.filter((place) => liesIn(place, gap))) ?? null }
    const rest = isSmaller(gap) ? await stillMissing(tx, closed) : closed
    if (rest) left.push(rest)
  }
  await saveGaps(tx, conversationId, left, changes)
  if (left.length < gaps.length) await recountUnread(tx, ctx, conversationId, changes)
}

/** A page that was asked for where history is missing. */
export interface Fetched {
  /** As it was then. */
  readonly gap: Gap
  /** What the page leaves of it; null = nothing. */
  readonly rest: Gap | null
  /** Between which all is here by the page. `after` null = from the beginning on; `before` null = up to the newest that came. */
  readonly whole: Pick<Gap, 'after' | 'before'>
  readonly places: readonly Point[]
}

/** Another connection may have begun before the page came: of what is known to be missing since, only that goes which is here by it. */
export async function replaceGap(tx: StorageTx, ctx: SyncContext, { gap, rest, whole, places }: Fetched, changes: Changes): Promise<void> {
  const known = await loadGaps(tx, gap.conversationId, changes)
  // What was missing up to what comes next has ended where the page begins.
  const isThis = (other: Gap) => sameGap(other, gap) || (gap.before === null && samePoint(other.after, gap.after) && places.some((place) => samePoint(place, other.before)))
  const { after, before } = await stillWhole(tx, { gap, whole, places })
  const others = known.flatMap((other) => (isThis(other) ? [] : before ? without(other, after, before) : other))
  await saveGaps(tx, gap.conversationId, rest && known.some(isThis) ? [...others, rest] : others, changes)
  await recountUnread(tx, ctx, gap.conversationId, changes)
}

/** Up to what was here when the page was asked for: where room was made of that meanwhile, it is missing now as well, and only what came is here. */
async function stillWhole(tx: StorageTx, { gap, whole, places }: Pick<Fetched, 'gap' | 'whole' | 'places'>): Promise<Pick<Gap, 'after' | 'before'>> {
  const first = earliest(places) ?? null
  const last = places.reduce(maxPoint, null)
  const isGone = async (end: Point | null) => end !== null && (samePoint(end, gap.after) || samePoint(end, gap.before)) && (await tx.messages.byId(gap.conversationId, end.id)) === undefined
  return { after: (await isGone(whole.after)) ? (first ?? whole.before) : whole.after, before: (await isGone(whole.before)) ? last : (whole.before ?? last) }
}

/** What is left of it once all between two places is here. */
function without(gap: Gap, after: Point | null, before: Point): readonly Gap[] {
  const isOutside = (after && gap.before && comparePoints(gap.before, after) <= 0) || (gap.after && comparePoints(gap.after, before) >= 0)
  if (isOutside) return [gap]
  const below = after && (!gap.after || comparePoints(gap.after, after) < 0) ? [{ ...gap, before: after }] : []
  return !gap.before || comparePoints(gap.before, before) > 0 ? [...below, { ...gap, after: before }] : below
}

/** What may be unread where something is missing makes the count inexact. */
export async function recountUnread(tx: StorageTx, ctx: SyncContext, conversationId: ConversationId, changes: Changes): Promise<void> {
  const conversation = await loadConversation(tx, conversationId, changes)
  const own = (await loadOwn(tx, conversationId, changes)) ?? NO_OWN_STATE
  await saveConversation(tx, { ...conversation, unread: await countUnreadRows(tx, ctx, conversation, own) }, changes)
}

function liesIn(point: Point, { after, before }: Gap): boolean {
  return (after === null || comparePoints(after, point) < 0) && (before === null || comparePoints(point, before) < 0)
}
