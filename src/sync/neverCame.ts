/**
 * What a wire without history never brought to this device, and nobody can be asked for: what was said before its first message, and while it was away from a wire
 * that keeps nothing for it. Nothing is claimed over it. It is no gap of the screen, which would wait for it, and show nothing of what lies below.
 */
import { comparePoints, maxPoint, type ConversationId, type Point } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import type { TransportCapabilities } from '../transport/index.js'
import type { SyncContext } from './context.js'
import { LATE_MS } from './late.js'
import { loadKnown, putKnown, storedMissing, type Missing } from './notedMissing.js'
import { FIRST_PLACE } from './places.js'
import { sameGap } from './sameGap.js'
import { answeredPlace } from './sentPlaces.js'
import { timedRows } from './serverTime.js'

type Wire = Pick<SyncContext, 'me' | 'transport'>

/** Rows looked at in one step. */
const ROWS = 500

/** Whether it is missed for good what a wire did not bring. */
export function isForGood({ transport: { capabilities } }: Pick<SyncContext, 'transport'>): boolean {
  return !capabilities.history
}

/** Whether what is said while this device is away is among it. @param hasLost - more came than could wait for the database: a queue hands over nothing twice */
export function missesAbsences(ctx: Pick<SyncContext, 'transport'>, hasLost: boolean): boolean {
  const { catchUp } = ctx.transport.capabilities
  return isForGood(ctx) && (catchUp === 'none' || (catchUp === 'queue' && hasLost))
}

/** With what has not come yet, and is asked for (`overtaking.ts`). @param from - nothing before it is asked for. Default: all */
export async function neverCame(tx: StorageTx, ctx: Wire, id: ConversationId, from: Point | null = null): Promise<readonly Missing[]> {
  const missing = await storedMissing(tx, id)
  if (!ctx.transport.capabilities.dense) return missing
  const runs: Missing[] = []
  for (const each of missing) runs.push(...(await missingNumbers(tx, id, { ...each, after: maxPoint(each.after, from) })))
  return runs
}

/** As far as unread messages may be among it: also what the wire told of, and nothing of which came. One with a cursor is on its way to bring it. */
export async function uncounted(tx: StorageTx, ctx: Wire, id: ConversationId): Promise<readonly Missing[]> {
  const { capabilities } = ctx.transport
  const told = isForGood(ctx) && capabilities.catchUp !== 'cursor' && (await loadKnown(tx, id))?.told
  return told ? through(told, null, capabilities.dense) : neverCame(tx, ctx, id)
}

/** Nothing, where every number is here. */
export async function missingNumbers(tx: StorageTx, id: ConversationId, { after, before }: Missing): Promise<readonly Missing[]> {
  const runs: Missing[] = []
  let previous = after ?? FIRST_PLACE
  const add = (next: Point | null) => {
    const isNext = next !== null && next.epoch === previous.epoch && next.order <= previous.order + 1
    if (!isNext) runs.push({ after: previous === FIRST_PLACE ? null : previous, before: next })
  }
  for (;;) {
    const rows = await tx.messages.page({ conversationId: id, after: previous, limit: ROWS })
    for (const { at } of rows) {
      if (before && comparePoints(at!, before) >= 0) break
      add(at)
      previous = at!
    }
    if (rows.length < ROWS || (before && comparePoints(rows.at(-1)!.at!, before) >= 0)) break
  }
  if (!before || comparePoints(previous, before) < 0) add(before)
  return runs
}

/** The wire tells where the newest message stands; null = there is none. @returns whether something else is missing than before */
export async function noteTold(tx: StorageTx, ctx: Wire, id: ConversationId, head: Point | null): Promise<boolean> {
  if (!isForGood(ctx)) return false
  const known = await loadKnown(tx, id)
  if ((await newestHeard(tx, id)) === null) {
    if (known?.told !== undefined) return false
    await putKnown(tx, id, { told: head })
    return head !== null || known?.missing !== undefined
  }
  // Away, and nothing was said.
  const left = known?.missing?.filter(({ after, before }) => before !== null || after === null || head === null || comparePoints(head, after) > 0)
  if (!left || left.length === known?.missing?.length) return false
  await putKnown(tx, id, { missing: left })
  return true
}

/** Messages come. Before they are stored. @returns whether something is missing before them that was not known to be */
export async function noteArrival(tx: StorageTx, ctx: Wire, id: ConversationId, places: readonly Point[]): Promise<boolean> {
  if (!isForGood(ctx)) return false
  const known = await loadKnown(tx, id)
  const missing = known?.missing ? closed(known.missing, places, ctx) : await missingBefore(tx, ctx, id, known?.told, places)
  if (missing === known?.missing) return false
  await putKnown(tx, id, { missing })
  return missing.length > 0
}

/** Connected again to a wire that keeps nothing: before anything comes. @returns where something may be missing now, also where it might before: that may have been cleared meanwhile */
export async function noteAbsence(tx: StorageTx, ctx: Wire): Promise<readonly ConversationId[]> {
  const ids = (await tx.conversations.list()).map(({ id }) => id)
  for (const id of ids) {
    const known = await loadKnown(tx, id)
    if (known?.missing?.some(({ before }) => before === null)) continue
    const after = await lastSure(tx, ctx, id)
    const before = known?.missing ?? (after && (await missingBefore(tx, ctx, id, known?.told, []))) ?? []
    await putKnown(tx, id, { missing: [...before, { after, before: null }] })
  }
  return ids
}

/** Room is made below a place: what was here goes, and nobody brings it again. What the wire told of, and nothing of which came, is missing still. */
export async function noteGone(tx: StorageTx, ctx: Wire, id: ConversationId, kept: Point): Promise<void> {
  const missing = (await loadKnown(tx, id))?.missing ?? (await uncounted(tx, ctx, id))
  const above = missing.filter(({ before }) => before === null || comparePoints(before, kept) > 0)
  await putKnown(tx, id, { missing: [{ after: null, before: kept }, ...above] })
}

/** What a file has brought by now is here, and what lies beyond it is not: what follows may never come. */
export interface Brought {
  /** Where it begins and ends. */
  readonly first: Point
  readonly last: Point
  /** The newest that was here before. */
  readonly newest: Point | null
  /** Where the parts of it ended that came before. */
  readonly reached: Point | null
  /** What is missing from it. */
  readonly missing: readonly Missing[]
  /** What is left of each stretch that was missing. */
  without(missing: Missing): readonly Missing[]
}

export async function noteBrought(tx: StorageTx, ctx: Wire, id: ConversationId, { first, last, newest, reached, missing, without }: Brought): Promise<void> {
  const known = await loadKnown(tx, id)
  const noted = known?.missing ?? (newest ? await missingBefore(tx, ctx, id, known?.told, [newest]) : [])
  const before = noted.filter((one) => !reached || !sameGap(one, { after: reached, before: null }))
  const isBeyond = newest === null || comparePoints(last, newest) > 0
  const between = newest && comparePoints(first, newest) > 0 ? [{ after: newest, before: first }] : []
  const beyond = isBeyond ? [...between, ...missingAfter(ctx, last, known?.told ?? null)] : []
  const all = [...before.flatMap(without), ...missing, ...beyond]
  await putKnown(tx, id, { missing: all.filter((one, i) => all.findIndex((other) => sameGap(one, other)) === i) })
}

/** What a wire that goes on from a cursor brings since is all of it, but what it told of before. */
function missingAfter({ transport: { capabilities } }: Wire, last: Point, told: Point | null): readonly Missing[] {
  if (capabilities.catchUp !== 'cursor') return [{ after: last, before: null }]
  return told && comparePoints(told, last) > 0 ? through(told, last, capabilities.dense) : []
}

/** What a time in memory missed: of what was here before, the database knows better. @param here - up to which it does */
export async function joinMissing(tx: StorageTx, ctx: Wire, id: ConversationId, missing: readonly Missing[], here: Point | null): Promise<void> {
  if (missing.length === 0) return
  const known = (await loadKnown(tx, id))?.missing ?? []
  const more = missing.flatMap((each) => {
    const isLater = here !== null && (each.before === null || comparePoints(here, each.before) < 0)
    // A queue has brought all since.
    if (each.after === null && isLater && isForGood(ctx) && ctx.transport.capabilities.catchUp === 'queue') return []
    return [each.after === null && isLater ? { ...each, after: here } : each]
  })
  await putKnown(tx, id, { missing: [...known, ...more.filter((one) => !known.some((other) => sameGap(one, other)))] })
}

/** What was open ends where something came. */
function closed(missing: readonly Missing[], places: readonly Point[], ctx: Wire): readonly Missing[] {
  let isSame = true
  const next = missing.map(({ after, before }) => {
    const first = before === null && earliest(places.filter((place) => after === null || comparePoints(place, after) > 0))
    isSame &&= !first
    return { after, before: first ? startOf(first, ctx) : before }
  })
  return isSame ? missing : next
}

/**
 * Before the first message of a device nobody knows what was said, unless the wire told that there is nothing, or that all before has a last message which was not brought.
 * One with a cursor brings all from the beginning, or tells of a gap.
 */
async function missingBefore(tx: StorageTx, ctx: Wire, id: ConversationId, told: Point | null | undefined, places: readonly Point[]): Promise<readonly Missing[]> {
  const { catchUp, dense, inOrder } = ctx.transport.capabilities
  const [oldest] = await tx.messages.page({ conversationId: id, after: FIRST_PLACE, limit: 1 })
  // What is here of a conversation of which nothing came are answers to messages of mine: others may have written before them, and behind them.
  const first = earliest(oldest?.at && !(told && places.length > 0) ? [...places, oldest.at] : places)
  if (told === null || !first) return []
  const isBehind = told && comparePoints(first, told) > 0
  const isMine = isBehind && (await tx.messages.byId(id, told.id)) !== undefined
  if (isBehind && !isMine && (catchUp !== 'cursor' || dense || inOrder)) return through(told, null, dense)
  return catchUp === 'cursor' ? [] : [{ after: null, before: startOf(isMine ? told : first, ctx) }]
}

/** With what is at the last place: whoever is known to have reached that one misses nothing. */
function through(last: Point, after: Point | null, dense: boolean): readonly Missing[] {
  return dense ? [{ after, before: { ...last, order: last.order + 1, id: '' } }] : [{ after, before: last }, { after: last, before: last }]
}

/** A sequence has nothing else at a place. */
function startOf(place: Point, { transport: { capabilities } }: { readonly transport: { readonly capabilities: Pick<TransportCapabilities, 'order'> } }): Point {
  return capabilities.order === 'sequence' ? { ...place, id: '' } : place
}

export function earliest(places: readonly Point[]): Point | undefined {
  return places.reduce<Point | undefined>((first, place) => (first && comparePoints(first, place) <= 0 ? first : place), undefined)
}

/** The newest of which it is known that all before it has come: the answer to a message of mine overtakes. */
export async function newestHeard(tx: StorageTx, id: ConversationId): Promise<Point | null> {
  const before = await answeredPlace(tx, id)
  return (await tx.messages.page({ conversationId: id, ...(before && { before }), limit: 1 }))[0]?.at ?? null
}

/** Behind which nothing was under way that the newest had overtaken. */
export async function lastSure(tx: StorageTx, { me, transport: { capabilities } }: Wire, id: ConversationId): Promise<Point | null> {
  const newest = await newestHeard(tx, id)
  if (newest === null || capabilities.inOrder) return newest
  const rows = await tx.messages.page({ conversationId: id, before: { ...newest, order: newest.order + 1, id: '' }, limit: ROWS })
  const timed = await timedRows(tx, me, id, rows)
  const end = (timed.at(-1)?.time ?? 0) - LATE_MS
  return timed.findLast(({ time }) => time <= end)?.at ?? null
}
