/** For wires that know only a position: how far it may be moved, counted on from where it is. */
import { comparePoints, maxPoint, type Conversation, type Point, type Progress, type ReceiptKind } from '../model/index.js'
import { samePoint } from '../model/samePoint.js'
import { joinProgress, progressUpTo, publishPrefix } from '../receipts/index.js'
import { coversMessage } from '../receipts/coversMessage.js'
import type { Gap, StorageTx } from '../storage/index.js'
import { absencesOf, isAbsent, isOnlyAbsence } from './absences.js'
import type { SyncContext } from './context.js'
import { holesOf, otherPlacesOf, placesWithoutRow } from './holes.js'
import { settlement } from './knownHistory.js'
import { LATE_MS } from './late.js'
import { neverCame } from './neverCame.js'
import { isNeutral } from './optimistic.js'
import { FIRST_PLACE } from './places.js'
import { rowsFrom } from './rowsFrom.js'
import { newestTime, withServerTimes } from './serverTime.js'
import { stopsOfPosition } from './stretches.js'

/** Rows looked at in one step. */
const ROWS = 500
/** Steps in one transaction, if they move it; what lies beyond leaves with the next report. */
const STEPS = 4

export interface PositionOptions {
  readonly kind: ReceiptKind
  /** What the wire has been told. */
  readonly told: Point | null
  readonly publishFloor: Point | null
}

/** Null when no position says anything true and new. */
export async function nextPosition(tx: StorageTx, ctx: SyncContext, conversation: Conversation, due: Progress, { kind, told, publishFloor }: PositionOptions): Promise<Point | null> {
  if (due.ranges.length > 0 && publishFloor !== null) return null
  const position = due.ranges.length === 0 ? due.upTo : await walk(tx, ctx, conversation, due, { kind, start: maxPoint(due.upTo, told) })
  return position && !samePoint(position, told) ? position : null
}

async function walk(tx: StorageTx, ctx: SyncContext, conversation: Conversation, due: Progress, { kind, start }: { readonly kind: ReceiptKind; readonly start: Point | null }): Promise<Point | null> {
  const { id } = conversation
  const now = ctx.serverClock?.now() ?? -Infinity
  // What is late was not read, and yet comes: of `delivered`, it is no lie.
  const isSettled = kind === 'delivered' ? () => true : await settlement(tx, ctx, conversation, now)
  // Who left and came back had it before, too: what they did not read then is in the way.
  const intervals = (await tx.members.list(id)).find(({ userId }) => userId === ctx.me)?.intervals ?? []
  const joinedAt = intervals[0]?.joinedAt ?? null
  const absences = absencesOf(intervals)
  const isMissing = (gap: Pick<Gap, 'after' | 'before'>) => !isOnlyAbsence(gap, absences, ctx.transport.capabilities.dense)
  const newest = await newestTime(tx, ctx.me, id)
  const settledAt = Math.max(newest, now) - LATE_MS
  if (settledAt < newest) ctx.serverClock?.waitFor(id, newest + LATE_MS)
  const begin = maxPoint(start, joinedAt) ?? FIRST_PLACE
  const gaps: Pick<Gap, 'after' | 'before'>[] = [...(await tx.gaps.list(id)), ...(await neverCame(tx, ctx, id, lastBefore(begin)))].filter(isMissing)
  const others = await otherPlacesOf(tx, id)
  const known = await placesWithoutRow(tx, id, others)
  const ahead = others.filter(({ at }) => isBeyond(at, start))
  const standing = await tx.messages.byIds(id, ahead.map((other) => other.id))
  ahead.forEach(({ at }, i) => {
    const row = standing[i]
    if (row && !isNeutral(row, ctx.me) && !coversMessage(due, row)) gaps.push(...stopBefore(at))
  })
  let reached = start
  let from = begin
  for (let step = 0; step < STEPS || samePoint(reached, start); step += 1) {
    const rows = await withServerTimes(tx, ctx.me, id, await rowsFrom(tx, id, from, ROWS))
    const countable = rows.flatMap((row) => (row.at === null || isNeutral(row, ctx.me) || isAbsent(row.at, absences) ? [] : [row.at]))
    const stops = [...stopsOfPosition(rows, await holesOf(tx, id), ctx.transport.capabilities, settledAt, lastBefore(from), known).filter(isMissing), ...stopBefore(countable.find((point) => !isSettled(point) && isBeyond(point, reached)))]
    const read = reached === null ? due : joinProgress(due, progressUpTo(reached))
    reached = publishPrefix(read, { countable, knownFrom: null, joinedAt, gaps: [...gaps, ...stops] })
    const last = countable.at(-1)
    if (rows.length < ROWS || (last && (reached === null || comparePoints(reached, last) < 0))) return reached
    from = rows.at(-1)!.at ?? from
  }
  return reached
}

/** What the position has passed already stops nothing, and would hide what does. */
function isBeyond(point: Point, reached: Point | null): boolean {
  return reached === null || comparePoints(point, reached) > 0
}

/** Somebody joined at a place before every message of its order; other places are of messages. */
export function lastBefore(from: Point): Point {
  return from === FIRST_PLACE || from.id !== '' ? from : { ...from, order: from.order - 1 }
}

/** A message that is late has its place before this one. */
function stopBefore(point: Point | undefined): readonly { readonly after: Point; readonly before: Point }[] {
  return point ? [{ after: { ...point, id: '' }, before: point }] : []
}
