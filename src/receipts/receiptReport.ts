/** Reports over receipts: how many read an announcement, how fast, and who has not. Pure; computed from what this device knows. */
import { comparePoints, type Member, type Message, type Point, type UserId } from '../model/index.js'
import { intervalAt } from './audience.js'
import { hasReachedMessage, timeOfMessage } from './memberState.js'
import type { MemberState } from './readState.js'
import { isSilent, silenceBefore } from './silence.js'
import type { UntrackedReason } from './tallyTypes.js'
import { withUnnamed } from './unnamed.js'

/** How long reading took, milliseconds from sending. @public */
export interface ReadTimes {
  /** Readings whose time is known; the others are read all the same. */
  readonly known: number
  /** The middle one, or the mean of the two in the middle; null when none is known. */
  readonly medianMs: number | null
  /** Nine of ten were this fast or faster (nearest rank); null when none is known. */
  readonly p90Ms: number | null
}

/** @public */
export interface ReportedReader {
  readonly userId: UserId
  /** From sending to reading; null = time unknown, of the reading or, at the server, of the sending. Never negative, whatever the clocks said. */
  readonly timeToReadMs: number | null
}

/** One message. X and N as in a {@link Tally}: who left unread is in neither. @public */
export interface MessageReport {
  readonly message: Message
  readonly of: number
  /** Who read it, those whom the wire only counted included: X. */
  readonly read: number
  /** Those with a name. Fastest first, unknown times last. */
  readonly readers: readonly ReportedReader[]
  /** Of whom no reading is known, in roster order. */
  readonly unread: readonly UserId[]
  /** X / N from 0 to 1; null when it was for nobody. */
  readonly share: number | null
  readonly timeToRead: ReadTimes
}

/** One member over all the messages that were for them. @public */
export interface MemberReport {
  readonly userId: UserId
  readonly of: number
  readonly read: number
  readonly share: number | null
  readonly timeToRead: ReadTimes
  /** What they have not read, in the order given. */
  readonly unread: readonly Message[]
}

/** A message of which no number can be said, and why. @public */
export interface UntrackedMessage {
  readonly message: Message
  readonly reason: UntrackedReason
}

/** @public */
export interface ReceiptReport {
  readonly messages: readonly MessageReport[]
  /** Left out of everything else. Who read these is not known: that is not "nobody". */
  readonly untracked: readonly UntrackedMessage[]
  /** In roster order; only who was to read something. */
  readonly members: readonly MemberReport[]
  /** Share of all readings that could be, 0 to 1; null when there are none. */
  readonly share: number | null
  readonly timeToRead: ReadTimes
}

/** What a report is made of. Messages of one conversation, its roster, and what is known of its members. @public */
export interface ReceiptReportInput {
  readonly messages: readonly Message[]
  readonly members: readonly Member[]
  /** From a client: `getMemberStates` with the same messages. A client's own `receiptReport` has all of this. */
  readonly states: readonly MemberState[]
  /** As in the policy: who was silent so long before a message was sent is not waited for, milliseconds. Default null: everybody is. */
  readonly silentAfterMs?: number | null
  /** Why no number can be said of a message (receipts not asked for, a group too large: as in a {@link Tally}), or null; `read` have it by name or number. Default: never. Of a message that was recalled it is not asked: the reason is `recalled`. */
  readonly whyUntracked?: (message: Message, read: number) => UntrackedReason | null
}

/**
 * Who read what, how fast, and who has not.
 * Left out are system messages, local echoes, and what was deleted for all: there is nothing left to read.
 * A message that was recalled has no number, as its receipts stopped counting: it stands in `untracked`.
 * @public
 */
export function receiptReport({ messages, members, states, silentAfterMs = null, whyUntracked = () => null }: ReceiptReportInput): ReceiptReport {
  const byMember = new Map(states.map((state) => [state.memberId, state]))
  const reported: MessageReport[] = []
  const untracked: UntrackedMessage[] = []
  for (const message of messages.filter(isReported)) {
    const report = reportMessage(message, members, byMember, silentAfterMs)
    const reason = message.recalledAt === undefined ? whyUntracked(message, report.read) : 'recalled'
    if (reason === null) reported.push(report)
    else untracked.push({ message, reason })
  }
  const perMember = members.map(({ userId }) => reportMember(userId, reported)).filter(({ of }) => of > 0)
  const readers = reported.flatMap((each) => each.readers)
  return { messages: reported, untracked, members: perMember, share: shareOf(sum(reported.map(({ read }) => read)), sum(reported.map(({ of }) => of))), timeToRead: timesOf(readers) }
}

type PlacedMessage = Message & { readonly at: Point }

function isReported(message: Message): message is PlacedMessage {
  return message.at !== null && message.body.kind !== 'system' && message.deletedAt === undefined
}

function reportMessage(message: PlacedMessage, members: readonly Member[], states: ReadonlyMap<UserId, MemberState>, silentAfterMs: number | null): MessageReport {
  const readers: ReportedReader[] = []
  const unread: UserId[] = []
  let audience = 0
  for (const member of members) {
    const interval = member.userId === message.from ? undefined : intervalAt(member, message.at)
    if (interval === undefined) continue
    audience += 1
    const state = states.get(member.userId)
    if (state !== undefined && hasReachedMessage(state, 'read', message)) readers.push({ userId: member.userId, timeToReadMs: timeToRead(state, message) })
    else if (interval.leftAt === null && !isSilent(state?.times, message.time, silenceBefore(message, silentAfterMs))) unread.push(member.userId)
  }
  const { read, of } = withUnnamed({ read: readers.length, of: readers.length + unread.length }, message.readCount ?? 0, audience)
  return { message, of, read, readers: readers.sort(byTime), unread, share: shareOf(read, of), timeToRead: timesOf(readers) }
}

/** Between two times of the server: how long after a time of this device's clock nobody knows. */
function timeToRead(state: MemberState, message: PlacedMessage): number | null {
  if (message.untimed) return null
  const readAt = timeOfMessage(state, 'read', message)
  return readAt === null ? null : Math.max(0, readAt - message.time)
}

function reportMember(userId: UserId, reports: readonly MessageReport[]): MemberReport {
  const mine = reports.flatMap(({ readers }) => readers.filter((reader) => reader.userId === userId))
  const unread = reports.filter((report) => report.unread.includes(userId)).map(({ message }) => message)
  const of = mine.length + unread.length
  return { userId, of, read: mine.length, share: shareOf(mine.length, of), timeToRead: timesOf(mine), unread }
}

function byTime(a: ReportedReader, b: ReportedReader): number {
  return (a.timeToReadMs ?? Infinity) === (b.timeToReadMs ?? Infinity) ? 0 : (a.timeToReadMs ?? Infinity) - (b.timeToReadMs ?? Infinity)
}

function timesOf(readers: readonly ReportedReader[]): ReadTimes {
  const times = readers.flatMap(({ timeToReadMs }) => (timeToReadMs === null ? [] : [timeToReadMs])).sort((a, b) => a - b)
  if (times.length === 0) return { known: 0, medianMs: null, p90Ms: null }
  const middle = times.length / 2
  const medianMs = ((times[Math.ceil(middle) - 1] as number) + (times[Math.floor(middle)] as number)) / 2
  return { known: times.length, medianMs, p90Ms: times[Math.ceil(times.length * 0.9) - 1] as number }
}

function shareOf(read: number, of: number): number | null {
  return of === 0 ? null : read / of
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}

/** The messages of a stretch, for a report on a week or on one announcement and what followed it. Both ends included. @public */
export function messagesBetween(messages: readonly Message[], from: Point, to: Point): readonly Message[] {
  return messages.filter(({ at }) => at !== null && comparePoints(from, at) <= 0 && comparePoints(at, to) <= 0)
}
