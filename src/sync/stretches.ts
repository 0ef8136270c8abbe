/** Pure: which wider stretches a reader may claim from single messages read. Only the reader's own device may, because only it knows what lies between. */
import { comparePoints, type Message, type Point, type PointRange, type UserId } from '../model/index.js'
import type { Gap } from '../storage/index.js'
import type { TransportCapabilities } from '../transport/index.js'
import { isNeutral } from './optimistic.js'

/** What is known of the history between stored rows. */
export interface KnownHistory {
  readonly gaps: readonly Pick<Gap, 'after' | 'before'>[]
  /** Orders are consecutive: then a missing number is a missing message, whether or not anybody has said so yet. */
  readonly dense: boolean
  /** Messages that were here and cannot be shown. Default: none. */
  readonly holes?: readonly PointRange[]
  /** Orders after this one may still get a message between them: where only time orders, or messages may overtake each other, one that is late has its place among those that are here. Default: none may. */
  readonly settledUpTo?: number
  /** Where my times as a member begin and end: what was said while I was away was not for me, and need not come. Default: none. */
  readonly borders?: readonly Point[]
}

/**
 * The unbroken stretches of rows that hold at least one of `fresh`: everything in them is here. None ends at a message of mine: it may stand here since
 * it was answered, and an answer overtakes what others wrote before.
 *
 * @param rows - placed rows in order
 */
export function storedStretches(rows: readonly Message[], me: UserId, fresh: readonly Point[], history: KnownHistory): readonly PointRange[] {
  return unbrokenStretches(rows, history, ({ from }) => from !== me).filter((stretch) => holdsAny(stretch, fresh) || hasSettled(stretch, history))
}

/** Rows that follow one another, as stretches in which nothing can be missing. @param isEnd - whether a stretch may begin or end there; default anywhere */
export function unbrokenStretches(rows: readonly Message[], history: KnownHistory, isEnd: (row: Message) => boolean = () => true): readonly PointRange[] {
  const stretches: { from: Point; to: Point }[] = []
  let previous: Point | null = null
  let isOpen = false
  for (const row of rows) {
    const { at } = row
    if (at === null) continue
    if (previous !== null && isApart(previous, at, history)) isOpen = false
    previous = at
    if (!isEnd(row)) continue
    if (isOpen) stretches.at(-1)!.to = at
    else stretches.push({ from: at, to: at })
    isOpen = true
  }
  return stretches
}

/**
 * The stretches of read messages that hold at least one of `fresh`.
 * Own, system and recalled messages are neither counted nor in the way; an unread one, also one that was deleted for all, one that is hidden here, and a place where something may be missing end a stretch.
 *
 * @param rows - placed rows in order
 * @param isRead - whether a countable row is read, the fresh ones included
 */
export function readStretches(rows: readonly Message[], me: UserId, isRead: (row: Message) => boolean, fresh: readonly Point[], history: KnownHistory): readonly PointRange[] {
  const stretches: PointRange[] = []
  let open: { from: Point; to: Point } | null = null
  const close = () => {
    if (open && (holdsAny(open, fresh) || hasSettled(open, history))) stretches.push(open)
    open = null
  }
  let previous: Point | null = null
  for (const row of rows) {
    if (row.at === null) continue
    if (previous !== null && isApart(previous, row.at, history)) close()
    previous = row.at
    if (isNeutral(row, me)) {
      if (keepsReceipts(row, me) && !isRead(row)) close()
      continue
    }
    if (!isRead(row)) close()
    else if (open === null) open = { from: row.at, to: row.at }
    else open = { from: (open as PointRange).from, to: row.at }
  }
  close()
  return stretches
}

/** Deleted for all and not for good: who never saw it is no reader of it. */
function keepsReceipts({ from, body, deletedAt, recalledAt }: Message, me: UserId): boolean {
  return deletedAt !== undefined && recalledAt === undefined && from !== me && body.kind !== 'system'
}

/** What was claimed one by one while a late message could have come between grows together afterwards. */
function hasSettled({ to }: PointRange, { settledUpTo = Infinity }: KnownHistory): boolean {
  return settledUpTo < Infinity && to.order <= settledUpTo
}

function holdsAny({ from, to }: PointRange, points: readonly Point[]): boolean {
  return points.some((point) => comparePoints(from, point) <= 0 && comparePoints(point, to) <= 0)
}

/** Whether a stretch ends between two neighbouring rows. */
function isApart(a: Point, b: Point, history: KnownHistory): boolean {
  return mayMiss(a, b, history) || (history.borders ?? []).some((border) => comparePoints(a, border) < 0 && comparePoints(border, b) <= 0)
}

/**
 * Whether something may be missing between two neighbouring rows. Events may overtake each other, so that one without the other between them
 * is no proof; and what a server lost with the end of an epoch is known to nobody who had not received it.
 */
export function mayMiss(a: Point, b: Point, { gaps, dense, holes = [], settledUpTo = Infinity }: KnownHistory): boolean {
  return a.epoch !== b.epoch || b.order > settledUpTo || (dense && b.order > a.order + 1) || liesInGap(a, b, gaps) || isHole(a, b, holes)
}

/** Whether one lies between two neighbouring rows. What stands at a hole by now, sound again, is on one side of it. */
export function isHole(a: Point, b: Point, holes: readonly PointRange[]): boolean {
  return holes.some(({ from, to }) => comparePoints(from, b) < 0 && comparePoints(to, a) > 0)
}

/**
 * Where a position may not pass though all that is here was read: holes, and numbers that have not come. What has not come for this long never will,
 * else one lost number would stop the position for ever; a stretch, which costs nothing to leave open, waits for it.
 *
 * @param rows - placed rows in order
 * @param numbers - consecutive where `dense`; where messages do not overtake each other, what comes after a reset also ends what was before it
 * @param settledAt - what the server had sent by then comes late no more, epoch milliseconds
 * @param before - what came last before these rows, had nothing been missing
 * @param known - places that bear no row, in order, and whose numbers are not missing: the second ones of messages, and what the server lost of mine. Default: none
 */
export function stopsOfPosition(rows: readonly Message[], holes: readonly PointRange[], numbers: Pick<TransportCapabilities, 'dense' | 'inOrder'>, settledAt: number, before: Point, known: readonly Point[] = []): readonly { readonly after: Point; readonly before: Point }[] {
  const stops = holes.filter(({ from, to }) => comparePoints(from, to) < 0 || !rows.some(({ at }) => at !== null && comparePoints(at, from) === 0)).map(({ from, to }) => ({ after: from, before: to }))
  let previous = before
  for (const { at, time } of rows) {
    if (at === null) continue
    const places = [previous, ...known.filter((place) => comparePoints(previous, place) < 0 && comparePoints(place, at) < 0), at]
    if (numbers.dense && time > settledAt && mayMissNumbers(places, numbers)) stops.push({ after: previous, before: at })
    previous = at
  }
  return stops
}

/** Numbers begin anew with an epoch, and nobody knows which was the last before it. */
function mayMissNumbers(places: readonly Point[], { inOrder }: Pick<TransportCapabilities, 'inOrder'>): boolean {
  return places.slice(1).some(({ epoch, order }, index) => {
    const previous = places[index]!
    const isFirst = previous.epoch !== epoch
    return order > (isFirst ? 0 : previous.order) + 1 || (isFirst && inOrder !== true)
  })
}

function liesInGap(a: Point, b: Point, gaps: KnownHistory['gaps']): boolean {
  return gaps.some(({ after, before }) => (after === null || comparePoints(after, b) < 0) && (before === null || comparePoints(before, a) > 0))
}
