import { comparePoints, maxPoint, NO_PROGRESS, type Member, type MembershipInterval, type Message, type Point, type Progress, type ReceiptKind, type UserId } from '../model/index.js'
import { placesOf } from '../model/placesOf.js'
import { RECEIPT_KINDS } from '../model/receiptKinds.js'
import { samePoint } from '../model/samePoint.js'
import { audienceOf, intervalAt } from './audience.js'
import { createMemberRows, type MemberRows } from './memberRows.js'
import { IMPLIED_BY, joinContent, joinKinds, reachedProgress, type MemberReceipt } from './memberState.js'
import { createPointTable } from './pointTable.js'
import { NO_PROGRESS_BY_KIND, type MemberState, type ProgressByKind } from './readState.js'
import { createStateColumns, type StateColumns } from './stateColumns.js'
import { createStretchCounts, type Stretch, type StretchCounts } from './stretchCount.js'

/** What a tally is about: a place (or the places of a send that was stored twice) and its author. `at: null` while the message has no place; then nobody can have read it. @public */
export type ReceiptSubject = Pick<Message, 'from' | 'at' | 'otherPlaces'>

/** How many of a message's audience got how far. Its author is never among them. @public */
export interface Reach {
  readonly delivered: number
  readonly read: number
  readonly viewed: number
  /** |audience ∪ readers|: who left without reading is not in it, who left after reading is. */
  readonly of: number
  /** |audience ∪ those who have it|: who left without receiving is not in it. Delivered to all = `delivered` of these. */
  readonly deliveredOf: number
}

/**
 * The read states of one conversation, arranged so that a message's counts cost a few binary searches for any number of members,
 * and a new receipt costs its own size. Holds nothing per message, and for a member some forty bytes and eight for each stretch.
 * @public
 */
export interface ReceiptIndex {
  /** The whole roster, or the whole of what is known of it. Members who are not in it any more are dropped from the counts. */
  setRoster(members: readonly Member[]): void
  setMember(member: Member): void
  /** What is known of one member, joined with what is here. States of people outside the roster wait for them to appear in it. Times are not kept. */
  setState(state: ProgressByKind & Pick<MemberState, 'memberId'>): void
  setStates(states: readonly MemberState[]): void
  /** Joins one receipt. Returns whether it says anything new. */
  join(memberId: UserId, receipt: MemberReceipt): boolean
  /** How far one member got; nothing for somebody unknown. */
  getProgress(memberId: UserId): ProgressByKind
  /** Whether somebody is in the roster, now or once. */
  has(memberId: UserId): boolean
  /** Current members. */
  readonly size: number
  reach(subject: ReceiptSubject): Reach
  /** How many a message is for, those who left since included. Linear in members. */
  countAudience(subject: ReceiptSubject): number
  /** How many members reached `point` at least as `kind`, its author left out if given. */
  countReached(kind: ReceiptKind, point: Point, author?: UserId): number
  /** Who they are, in roster order. Linear in members: for an opened list, not for a badge. */
  listReached(kind: ReceiptKind, subject: ReceiptSubject): readonly UserId[]
}

type IsCounted = (member: Member, row: number) => boolean

const COUNTS = [...RECEIPT_KINDS, 'of', 'deliveredOf'] as const

type CountName = (typeof COUNTS)[number]

/** What has to be reached to be counted. */
const KIND_OF: Readonly<Record<CountName, ReceiptKind>> = { delivered: 'delivered', read: 'read', viewed: 'viewed', of: 'read', deliveredOf: 'delivered' }
const NO_STRETCHES: readonly Stretch[] = []

/** @public */
export function createReceiptIndex(): ReceiptIndex {
  let rows!: MemberRows
  let states!: StateColumns
  let counts!: StretchCounts
  let size = 0
  /** States of people outside the roster. */
  const strangers = new Map<UserId, ProgressByKind>()
  /** Where the author of the last question counts. */
  let author: { readonly row: number; readonly pieces: Partial<Record<CountName, readonly Stretch[]>> } | null = null

  function clear(expected: number): void {
    const table = createPointTable()
    rows = createMemberRows(expected)
    states = createStateColumns(table)
    counts = createStretchCounts(table, COUNTS.length)
    size = 0
    author = null
  }

  const stateOf = (row: number): ProgressByKind => ({ delivered: states.get(row, 'delivered'), read: states.get(row, 'read'), viewed: states.get(row, 'viewed') })

  /** Moves a row's stretches from where they were to where they are. */
  function recount(row: number, names: readonly CountName[], before: (name: CountName) => readonly Stretch[], after: (name: CountName) => readonly Stretch[]): void {
    for (const name of names) move(counts, COUNTS.indexOf(name), before(name), after(name))
    if (author?.row === row) author = null
  }

  function place(member: Member): void {
    const known = rows.find(member.userId)
    const old = rows.members[known]
    if (old === member) return
    const row = rows.put(member)
    const state = stateOf(row)
    recount(row, COUNTS, (name) => (old ? piecesOf(name, old, state) : NO_STRETCHES), (name) => piecesOf(name, member, state))
    size += Number(isCurrent(member)) - Number(old !== undefined && isCurrent(old))
    const waiting = strangers.get(member.userId)
    if (waiting && strangers.delete(member.userId)) set(row, waiting)
  }

  /** Joins what is new of a row. */
  function set(row: number, more: ProgressByKind): void {
    const old = stateOf(row)
    const next = joinKinds(old, more)
    if (next === old) return
    const moved = RECEIPT_KINDS.filter((kind) => next[kind] !== old[kind])
    const member = rows.members[row]!
    // Who viewed has read, and who read has it: a weaker count moves with a stronger one.
    const names = COUNTS.filter((name) => IMPLIED_BY[KIND_OF[name]].some((kind) => moved.includes(kind)))
    recount(row, names, (name) => piecesOf(name, member, old), (name) => piecesOf(name, member, next))
    for (const kind of moved) states.set(row, kind, next[kind])
  }

  /** The plain case of most receipts: a prefix of somebody who was here from the beginning moves on, and nothing else is there. */
  function raise(row: number, kind: ReceiptKind, upTo: Point): boolean {
    if (!isAfter(upTo, states.upTo(row, kind))) return false
    for (const [count, name] of RECEIPT_KINDS.entries()) {
      if (!IMPLIED_BY[name].includes(kind)) continue
      const before = IMPLIED_BY[name].reduce<Point | null>((furthest, each) => maxPoint(furthest, states.upTo(row, each)), null)
      if (!isAfter(upTo, before)) continue
      if (before !== null) counts.change(count, [{ from: null, to: before }], -1)
      counts.change(count, [{ from: null, to: upTo }], 1)
    }
    states.set(row, kind, { upTo, ranges: NO_PROGRESS.ranges })
    if (author?.row === row) author = null
    return true
  }

  function setState({ memberId, ...state }: ProgressByKind & Pick<MemberState, 'memberId'>): void {
    const row = rows.find(memberId)
    if (row >= 0) set(row, state)
    else strangers.set(memberId, joinKinds(strangers.get(memberId) ?? NO_PROGRESS_BY_KIND, state))
  }

  function countOf(name: CountName, point: Point | null, from: UserId | undefined): number {
    const total = counts.at(COUNTS.indexOf(name), point)
    const row = from === undefined ? -1 : rows.find(from)
    if (row < 0) return total
    if (author?.row !== row) author = { row, pieces: {} }
    const pieces = (author.pieces[name] ??= piecesOf(name, rows.members[row]!, stateOf(row)))
    return pieces.some((piece) => contains(piece, point)) ? total - 1 : total
  }

  /** Whether a member reached one of its places. */
  function hasReachedIt(kind: ReceiptKind, subject: ReceiptSubject): IsCounted {
    const places = placesOf(subject)
    return (member, row) =>
      places.length > 0 && member.userId !== subject.from && intervalAt(member, subject.at) !== undefined && places.some((point) => IMPLIED_BY[kind].some((each) => states.covers(row, each, point)))
  }

  /** Linear in members: what was stored twice is rare, and who reached both places counts once. */
  function reachOfTwice(subject: ReceiptSubject): Reach {
    const isHere = (member: Member): boolean => member.userId !== subject.from && intervalAt(member, subject.at)?.leftAt === null
    const [delivered, read, viewed] = RECEIPT_KINDS.map((kind) => hasReachedIt(kind, subject)) as [IsCounted, IsCounted, IsCounted]
    const count = (isCounted: IsCounted): number => rows.members.filter(isCounted).length
    const withThoseHere = (has: IsCounted): number => count((member, row) => isHere(member) || has(member, row))
    return { delivered: count(delivered), read: count(read), viewed: count(viewed), of: withThoseHere(read), deliveredOf: withThoseHere(delivered) }
  }

  clear(0)
  return {
    get size() {
      return size
    },
    setRoster(members) {
      const present = new Set(members.map(({ userId }) => userId))
      // Rows are never taken out one by one: who is dropped from a roster is rare.
      if (rows.members.length === 0 || rows.members.some(({ userId }) => !present.has(userId))) {
        rows.members.forEach(({ userId }, row) => strangers.set(userId, stateOf(row)))
        clear(members.length)
      }
      members.forEach(place)
    },
    setMember: place,
    setState,
    setStates: (list) => list.forEach(setState),
    join(memberId, { kind, ...content }) {
      const row = rows.find(memberId)
      if (row >= 0 && content.upTo && !content.ranges?.length && !content.points?.length && states.hasNoRanges(row) && isWhole(rows.members[row]!)) return raise(row, kind, content.upTo)
      const old = row < 0 ? (strangers.get(memberId) ?? NO_PROGRESS_BY_KIND)[kind] : states.get(row, kind)
      const next = joinContent(old, content)
      if (next === old) return false
      setState({ ...NO_PROGRESS_BY_KIND, memberId, [kind]: next })
      return true
    },
    getProgress(memberId) {
      const row = rows.find(memberId)
      return row < 0 ? (strangers.get(memberId) ?? NO_PROGRESS_BY_KIND) : stateOf(row)
    },
    has: (memberId) => rows.find(memberId) >= 0,
    reach: (subject) => {
      if (subject.otherPlaces) return reachOfTwice(subject)
      const { at, from } = subject
      return {
        delivered: at === null ? 0 : countOf('delivered', at, from),
        read: at === null ? 0 : countOf('read', at, from),
        viewed: at === null ? 0 : countOf('viewed', at, from),
        of: countOf('of', at, from),
        deliveredOf: countOf('deliveredOf', at, from),
      }
    },
    countAudience: (subject) => audienceOf(subject, rows.members).length,
    countReached: countOf,
    listReached: (kind, subject) => rows.members.filter(hasReachedIt(kind, subject)).map(({ userId }) => userId),
  }
}

const isWhole = ({ intervals }: Member): boolean => intervals.length === 1 && intervals[0]!.joinedAt === null && intervals[0]!.leftAt === null
const isAfter = (point: Point, other: Point | null): boolean => other === null || comparePoints(point, other) > 0

function move(counts: StretchCounts, count: number, before: readonly Stretch[], after: readonly Stretch[]): void {
  if (before === after) return
  const head = commonLength(before, after, (list, index) => list[index])
  const tail = commonLength(before.slice(head), after.slice(head), (list, index) => list[list.length - 1 - index])
  counts.change(count, before.slice(head, before.length - tail), -1)
  counts.change(count, after.slice(head, after.length - tail), 1)
}

/** How many stretches two lists share before they differ: one more message read leaves a member's other stretches as they are. */
function commonLength(a: readonly Stretch[], b: readonly Stretch[], pick: (list: readonly Stretch[], index: number) => Stretch | undefined): number {
  const most = Math.min(a.length, b.length)
  let length = 0
  while (length < most && sameStretch(pick(a, length) as Stretch, pick(b, length) as Stretch)) length += 1
  return length
}

function sameStretch(a: Stretch, b: Stretch): boolean {
  return samePoint(a.from, b.from) && samePoint(a.to, b.to) && Boolean(a.open) === Boolean(b.open)
}

/** Where a member counts: what was reached while a member, and for N also where the membership still lasts. */
function piecesOf(name: CountName, { intervals }: Member, state: ProgressByKind): readonly Stretch[] {
  const isAudience = name === 'of' || name === 'deliveredOf'
  return disjoint(intervals).flatMap((interval) => (isAudience && interval.leftAt === null ? [{ from: interval.joinedAt, to: null }] : cut(reachedProgress(state, KIND_OF[name]), interval)))
}

/** Where a wire has them overlap, each time somebody was a member counts once. */
function disjoint(intervals: readonly MembershipInterval[]): readonly MembershipInterval[] {
  if (intervals.length < 2) return intervals
  const whole: MembershipInterval[] = []
  for (const interval of intervals.toSorted((a, b) => compareStarts(a.joinedAt, b.joinedAt))) {
    const last = whole.at(-1)
    if (!last || (last.leftAt !== null && compareStarts(last.leftAt, interval.joinedAt) <= 0)) whole.push(interval)
    else whole[whole.length - 1] = { joinedAt: last.joinedAt, leftAt: last.leftAt === null || interval.leftAt === null ? null : maxPoint(last.leftAt, interval.leftAt) }
  }
  return whole
}

function compareStarts(a: Point | null, b: Point | null): number {
  return a === null || b === null ? Number(b === null) - Number(a === null) : comparePoints(a, b)
}

/** The parts of a progress that lie within a membership. */
function cut({ upTo, ranges }: Progress, { joinedAt, leftAt }: MembershipInterval): readonly Stretch[] {
  const stretches: readonly Stretch[] = upTo === null ? ranges : [{ from: null, to: upTo }, ...ranges]
  if (joinedAt === null && leftAt === null) return stretches
  return stretches.flatMap((stretch) => {
    const from = maxPoint(stretch.from, joinedAt)
    const to = stretch.to as Point
    const part: Stretch = leftAt !== null && comparePoints(leftAt, to) <= 0 ? { from, to: leftAt, open: true } : { from, to }
    return isEmpty(part) ? [] : [part]
  })
}

function isEmpty({ from, to, open }: Stretch): boolean {
  if (from === null || to === null) return false
  const order = comparePoints(from, to)
  return open ? order >= 0 : order > 0
}

function contains({ from, to, open }: Stretch, point: Point | null): boolean {
  if (point === null) return to === null
  if (from !== null && comparePoints(point, from) < 0) return false
  if (to === null) return true
  const order = comparePoints(point, to)
  return open ? order < 0 : order <= 0
}

function isCurrent(member: Member): boolean {
  return member.intervals.some((interval) => interval.leftAt === null)
}
