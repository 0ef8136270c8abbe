import { comparePoints, maxPoint, type Member, type MembershipInterval, type Message, type Point, type Progress, type ReceiptKind, type UserId } from '../model/index.js'
import { intervalAt } from './audience.js'
import { hasReached, reachedProgress } from './memberState.js'
import type { MemberState } from './readState.js'
import { createStretchCount, type Stretch, type StretchCount } from './stretchCount.js'

/** What a tally is about: a place and its author. `at: null` while the message has no place; then nobody can have read it. @public */
export type ReceiptSubject = Pick<Message, 'from' | 'at'>

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
 * and a new receipt costs its own size. Holds nothing per message.
 * @public
 */
export interface ReceiptIndex {
  /** The whole roster, or the whole of what is known of it. Members who are not in it any more are dropped from the counts. */
  setRoster(members: readonly Member[]): void
  setMember(member: Member): void
  /** One member's newest state. States of people outside the roster wait for them to appear in it. */
  setState(state: MemberState): void
  setStates(states: readonly MemberState[]): void
  getState(memberId: UserId): MemberState | undefined
  /** Current members. */
  readonly size: number
  reach(subject: ReceiptSubject): Reach
  /** How many members reached `point` at least as `kind`, its author left out if given. */
  countReached(kind: ReceiptKind, point: Point, author?: UserId): number
  /** Who they are, in roster order. Linear in members: for an opened list, not for a badge. */
  listReached(kind: ReceiptKind, subject: ReceiptSubject): readonly UserId[]
}

const KINDS = ['delivered', 'read', 'viewed'] as const

type Pieces = Readonly<Record<ReceiptKind | 'of' | 'deliveredOf', readonly Stretch[]>>
interface Entry {
  readonly member: Member
  readonly state: MemberState | undefined
  readonly pieces: Pieces
}

/** @public */
export function createReceiptIndex(): ReceiptIndex {
  const entries = new Map<UserId, Entry>()
  const states = new Map<UserId, MemberState>()
  const counts: Readonly<Record<keyof Pieces, StretchCount>> = { delivered: createStretchCount(), read: createStretchCount(), viewed: createStretchCount(), of: createStretchCount(), deliveredOf: createStretchCount() }
  let size = 0

  const place = (member: Member): void => {
    const old = entries.get(member.userId)
    const state = states.get(member.userId)
    if (old?.member === member && old.state === state) return
    if (old !== undefined) take(old)
    const entry = { member, state, pieces: piecesOf(member, state) }
    entries.set(member.userId, entry)
    move(old?.pieces, entry.pieces, counts)
    if (isCurrent(member)) size += 1
  }
  const take = (entry: Entry): void => {
    if (isCurrent(entry.member)) size -= 1
  }
  const setState = (state: MemberState): void => {
    states.set(state.memberId, state)
    const entry = entries.get(state.memberId)
    if (entry !== undefined) place(entry.member)
  }
  const countOf = (name: keyof Pieces, point: Point | null, author: UserId | undefined): number => {
    const total = counts[name].at(point)
    const own = author === undefined ? undefined : entries.get(author)
    return own !== undefined && own.pieces[name].some((piece) => contains(piece, point)) ? total - 1 : total
  }
  return {
    get size() {
      return size
    },
    setRoster(members) {
      const present = new Set(members.map((member) => member.userId))
      for (const [userId, entry] of entries) {
        if (present.has(userId)) continue
        take(entry)
        move(entry.pieces, undefined, counts)
        entries.delete(userId)
      }
      for (const member of members) place(member)
    },
    setMember: place,
    setState,
    setStates: (list) => list.forEach(setState),
    getState: (memberId) => states.get(memberId),
    reach: ({ at, from }) => ({
      delivered: at === null ? 0 : countOf('delivered', at, from),
      read: at === null ? 0 : countOf('read', at, from),
      viewed: at === null ? 0 : countOf('viewed', at, from),
      of: countOf('of', at, from),
      deliveredOf: countOf('deliveredOf', at, from),
    }),
    countReached: (kind, point, author) => countOf(kind, point, author),
    listReached(kind, { at, from }) {
      if (at === null) return []
      const reached = ({ member, state }: Entry): boolean => member.userId !== from && state !== undefined && intervalAt(member, at) !== undefined && hasReached(state, kind, at)
      return [...entries.values()].filter(reached).map((entry) => entry.member.userId)
    },
  }
}

function move(old: Pieces | undefined, next: Pieces | undefined, counts: Readonly<Record<keyof Pieces, StretchCount>>): void {
  for (const name of [...KINDS, 'of', 'deliveredOf'] as const) {
    const before = old?.[name] ?? []
    const after = next?.[name] ?? []
    const head = commonLength(before, after, (list, index) => list[index])
    const tail = commonLength(before.slice(head), after.slice(head), (list, index) => list[list.length - 1 - index])
    counts[name].remove(before.slice(head, before.length - tail))
    counts[name].add(after.slice(head, after.length - tail))
  }
}

/** How many stretches two lists share before they differ: one more message read leaves a member's other stretches as they are. */
function commonLength(a: readonly Stretch[], b: readonly Stretch[], pick: (list: readonly Stretch[], index: number) => Stretch | undefined): number {
  const most = Math.min(a.length, b.length)
  let length = 0
  while (length < most && sameStretch(pick(a, length) as Stretch, pick(b, length) as Stretch)) length += 1
  return length
}

function sameStretch(a: Stretch, b: Stretch): boolean {
  return samePlace(a.from, b.from) && samePlace(a.to, b.to) && Boolean(a.open) === Boolean(b.open)
}

function samePlace(a: Point | null, b: Point | null): boolean {
  return a === b || (a !== null && b !== null && comparePoints(a, b) === 0)
}

/** Where a member counts: what was reached while a member, and for N also where the membership still lasts. */
function piecesOf(member: Member, state: MemberState | undefined): Pieces {
  const reached = (kind: ReceiptKind, intervals: readonly MembershipInterval[]): Stretch[] =>
    state === undefined ? [] : intervals.flatMap((interval) => cut(reachedProgress(state, kind), interval))
  const lasting = member.intervals.filter((interval) => interval.leftAt === null).map(({ joinedAt }): Stretch => ({ from: joinedAt, to: null }))
  const ended = member.intervals.filter((interval) => interval.leftAt !== null)
  return {
    delivered: reached('delivered', member.intervals),
    read: reached('read', member.intervals),
    viewed: reached('viewed', member.intervals),
    of: [...lasting, ...reached('read', ended)],
    deliveredOf: [...lasting, ...reached('delivered', ended)],
  }
}

/** The parts of a progress that lie within a membership. */
function cut(progress: Progress, { joinedAt, leftAt }: MembershipInterval): readonly Stretch[] {
  const stretches: Stretch[] = progress.upTo === null ? [] : [{ from: null, to: progress.upTo }]
  stretches.push(...progress.ranges)
  const parts: Stretch[] = []
  for (const stretch of stretches) {
    const from = maxPoint(stretch.from, joinedAt)
    const to = stretch.to as Point
    const endsByLeaving = leftAt !== null && comparePoints(leftAt, to) <= 0
    const part: Stretch = endsByLeaving ? { from, to: leftAt, open: true } : { from, to }
    if (!isEmpty(part)) parts.push(part)
  }
  return parts
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
