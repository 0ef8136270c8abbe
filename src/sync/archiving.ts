/**
 * Old receipt detail, out of the way. Stretches that a member read one by one long ago, and those beyond what a live state keeps, become one bit a
 * message in the archive; times that old are let go of. Nobody who read is forgotten: before a message is shown its bits are joined in again.
 */
import { firstIndex } from '../model/firstIndex.js'
import { comparePoints, type ConversationId, type Message, type MessageId, type Point, type PointRange, type Progress, type ReceiptKind, type UserId } from '../model/index.js'
import { RECEIPT_KINDS } from '../model/receiptKinds.js'
import { bitsOf, extendRoster, joinBits, readersOfBits, type ArchiveRoster, type ReaderBits } from '../receipts/archive.js'
import { emptyMemberState, progressOfPoints, toProgress, type MemberState, type TimeFact } from '../receipts/index.js'
import { joinKinds } from '../receipts/memberState.js'
import { lastingSigns } from '../receipts/silence.js'
import type { Gap, StorageTx } from '../storage/index.js'
import type { SyncContext } from './context.js'
import { isErased } from './erased.js'
import { holesOf, placesWithoutRow } from './holes.js'
import { settlement } from './knownHistory.js'
import { neverCame } from './neverCame.js'

/** Stretches that a member's live state keeps; the oldest beyond go to the archive however new they are. */
export const MAX_LIVE_RANGES = 64
/** Rows looked at in one go; what is left waits for the next. */
const ARCHIVED_ROWS = 1_000
/** Segment that says who is who in the bits of the others. */
const ROSTER = 'roster'
const NO_BITS: ReaderBits = new Uint8Array()

/** Goes through all conversations. Called on a schedule by the leading tab. */
export async function archiveReceipts(ctx: SyncContext): Promise<void> {
  const { archiveAfterMs, silentAfterMs } = ctx.policy
  // What is only remembered goes with the page.
  if (archiveAfterMs === null || ctx.storage.getState().status !== 'ready') return
  const before = ctx.ports.clock.now() - archiveAfterMs
  const limits: Limits = { before, silentAfterMs, dense: ctx.transport.capabilities.dense }
  for (const { id } of await ctx.storage.read((tx) => tx.conversations.list())) {
    const isDue = await ctx.storage.read(async (tx) => (await plan(tx, ctx, id, limits)).states.length > 0)
    if (isDue) await ctx.storage.write(async (tx) => apply(tx, id, await plan(tx, ctx, id, limits)))
  }
}

/** Who reached a message, by kind. */
type Reached = Readonly<Record<ReceiptKind, UserId[]>>

interface Plan {
  /** Who is who in what was archived before. */
  readonly roster: ArchiveRoster
  /** Those that change, as they will be. */
  readonly states: readonly MemberState[]
  readonly reached: ReadonlyMap<MessageId, Reached>
}

async function plan(tx: StorageTx, ctx: SyncContext, id: ConversationId, limits: Limits): Promise<Plan> {
  const [stored] = await tx.archive.get(id, [ROSTER])
  const roster = rosterFrom(stored)
  // By another one its bits would be other people's: all that comes stays live.
  if (roster === null) return { roster: [], states: [], reached: new Map() }
  const states = await tx.readStates.list(id)
  const gaps = [...(await tx.gaps.list(id)), ...(await neverCame(tx, ctx, id))]
  const apart = [...(await placesWithoutRow(tx, id)).map((at) => ({ from: at, to: at })), ...(await holesOf(tx, id))]
  const head = (await tx.conversations.get(id))?.head ?? null
  const history: History = { rows: await oldRows(tx, id, states, gaps), gaps, apart, isSettled: await settlement(tx, ctx, { id, head }), ...limits }
  const reached = new Map<MessageId, Reached>()
  const changed = states.flatMap((state) => {
    let next = withoutOldTimes(state, history)
    for (const kind of RECEIPT_KINDS) {
      const { live, archived } = fold(state[kind], history)
      if (archived.length > 0) next = { ...next, [kind]: live }
      for (const { ids: [messageId] } of archived.filter((row) => !isErased(row))) {
        if (!reached.has(messageId!)) reached.set(messageId!, { delivered: [], read: [], viewed: [] })
        reached.get(messageId!)![kind].push(state.memberId)
      }
    }
    return next === state ? [] : [next]
  })
  return { roster, states: changed, reached }
}

interface Limits {
  readonly before: number
  readonly silentAfterMs: number | null
  readonly dense: boolean
}

interface History extends Limits {
  /** In order, from the oldest stretch that can be whole. */
  readonly rows: readonly Message[]
  readonly gaps: readonly Pick<Gap, 'after' | 'before'>[]
  /** Where messages stand a second time, or cannot be shown here. */
  readonly apart: readonly PointRange[]
  /** Whether nothing comes late any more before a place. */
  isSettled(place: Point): boolean
}

/** What lies in or before missing history stays live: not every message of it is here. */
async function oldRows(tx: StorageTx, id: ConversationId, states: readonly MemberState[], gaps: History['gaps']): Promise<readonly Message[]> {
  const isWhole = ({ from }: PointRange) => gaps.every(({ before }) => before !== null && comparePoints(before, from) <= 0)
  const starts = states.flatMap((state) => RECEIPT_KINDS.flatMap((kind) => state[kind].ranges.find(isWhole)?.from ?? [])).sort(comparePoints)
  return starts[0] ? tx.messages.page({ conversationId: id, after: { ...starts[0], id: '' }, limit: ARCHIVED_ROWS }) : []
}

/** Who was silent when a message was sent stays so: the signs of life that say it are kept. */
function withoutOldTimes(state: MemberState, { before, silentAfterMs }: Limits): MemberState {
  const isOld = ({ time }: TimeFact) => time < before
  if (!RECEIPT_KINDS.some((kind) => state.times[kind].some(isOld))) return state
  const lasting = silentAfterMs === null ? null : lastingSigns(state.times, silentAfterMs)
  const of = (kind: ReceiptKind) => state.times[kind].filter((fact) => !isOld(fact) || lasting?.has(fact))
  const times = { delivered: of('delivered'), read: of('read'), viewed: of('viewed') }
  return RECEIPT_KINDS.every((kind) => times[kind].length === state.times[kind].length) ? state : { ...state, times }
}

/** Takes out of a progress what becomes bits. */
function fold(progress: Progress, history: History): { readonly live: Progress; readonly archived: readonly Message[] } {
  const archived: Message[] = []
  const tooMany = progress.ranges.length - MAX_LIVE_RANGES
  const live = progress.ranges.filter((range, index) => {
    const rows = rowsWithin(range, history)
    if (rows.length === 0 || (index >= tooMany && rows.at(-1)!.time >= history.before)) return true
    archived.push(...rows)
    return false
  })
  return { live: archived.length === 0 ? progress : toProgress(progress.upTo, live), archived }
}

/** The messages of a stretch; none where one of them may not be here, whose reader would be forgotten. */
function rowsWithin({ from, to }: PointRange, { rows, gaps, apart, isSettled, dense }: History): readonly Message[] {
  const within = rows.slice(firstNotBefore(rows, from), firstNotBefore(rows, { ...to, order: to.order + 1, id: '' })).filter(({ at }) => comparePoints(at!, to) <= 0)
  const isWhole = within.length > 0 && comparePoints(within[0]!.at!, from) === 0 && comparePoints(within.at(-1)!.at!, to) === 0 && within.every(({ ids }) => ids.length > 0) && (within.length === 1 || isSettled(to))
  const isNext = (a: Point, b: Point) => a.epoch === b.epoch && (!dense || b.order === a.order + 1)
  // Who reached a second place of a message reached that message, which stands elsewhere; of one that cannot be shown here no row could be asked.
  const isWithin = (place: Point) => comparePoints(from, place) <= 0 && comparePoints(place, to) <= 0
  const isApart = apart.some((place) => comparePoints(place.from, to) <= 0 && comparePoints(from, place.to) <= 0) || rows.some(({ otherPlaces }) => otherPlaces?.some(isWithin))
  const isBroken = isApart || gaps.some(({ after, before }) => (after === null || comparePoints(after, to) < 0) && (before === null || comparePoints(before, from) > 0))
  return isWhole && !isBroken && within.every(({ at }, i) => i === 0 || isNext(within[i - 1]!.at!, at!)) ? within : []
}

function firstNotBefore(rows: readonly Message[], point: Point): number {
  return firstIndex(rows, ({ at }) => comparePoints(at!, point) >= 0)
}

async function apply(tx: StorageTx, id: ConversationId, { roster: before, states, reached }: Plan): Promise<void> {
  const ids = [...reached.keys()]
  const known = await tx.archive.get(id, ids.map(segmentOf))
  const roster = extendRoster(before, [...reached.values()].flatMap((of) => RECEIPT_KINDS.flatMap((kind) => of[kind])))
  const rows = ids.map((messageId, i) => {
    const bits = RECEIPT_KINDS.map((kind) => [kind, joinBits(bitsFrom(known[i], kind), bitsOf(roster, reached.get(messageId)![kind]))] as const)
    return { segment: segmentOf(messageId), value: Object.fromEntries(bits.filter(([, each]) => each.length > 0)) }
  })
  await tx.archive.put(id, [{ segment: ROSTER, value: roster }, ...rows])
  await tx.readStates.put(id, states)
}

/** What was archived of a message, under any id that it bore, goes with it. */
export async function forgetArchived(tx: StorageTx, { conversationId, ids }: Message): Promise<void> {
  await tx.archive.delete(conversationId, ids.map(segmentOf))
}

function segmentOf(id: MessageId): string {
  return `message ${id}`
}

/** Null where it is torn; empty where nothing was archived. */
function rosterFrom(stored: unknown = []): ArchiveRoster | null {
  return Array.isArray(stored) && stored.every((userId) => typeof userId === 'string') ? (stored as ArchiveRoster) : null
}

/** What is no bytes says nothing. */
function bitsFrom(stored: unknown, kind: ReceiptKind): ReaderBits {
  const bits = (stored as Partial<Record<ReceiptKind, unknown>> | undefined)?.[kind]
  return bits instanceof Uint8Array ? bits : NO_BITS
}

/** What the archive says of these messages, as states to be joined in for showing them; never stored. */
export async function archivedStates(tx: StorageTx, id: ConversationId, messages: readonly Message[]): Promise<readonly MemberState[]> {
  const [stored] = await tx.archive.get(id, [ROSTER])
  const roster = rosterFrom(stored)
  if (!roster?.length) return []
  // Fetched again it may have its ids in another order.
  const placed = messages.flatMap(({ at, ids }) => (at ? ids.map((id) => ({ at, id })) : []))
  const points = new Map<UserId, Record<ReceiptKind, Point[]>>()
  const reaches = await tx.archive.get(id, placed.map((each) => segmentOf(each.id)))
  reaches.forEach((reach, i) => {
    for (const kind of RECEIPT_KINDS) {
      for (const userId of readersOfBits(bitsFrom(reach, kind), roster)) {
        if (!points.has(userId)) points.set(userId, { delivered: [], read: [], viewed: [] })
        points.get(userId)![kind].push(placed[i]!.at)
      }
    }
  })
  return [...points].map(([userId, { delivered, read, viewed }]) => ({ ...emptyMemberState(userId), delivered: progressOfPoints(delivered), read: progressOfPoints(read), viewed: progressOfPoints(viewed) }))
}

/** What is known of everybody, for these messages of a conversation. */
export async function readStatesOf(tx: StorageTx, id: ConversationId, messages: readonly Message[]): Promise<Map<UserId, MemberState>> {
  const states = new Map((await tx.readStates.list(id)).map((state) => [state.memberId, state]))
  for (const state of await archivedStates(tx, id, messages)) states.set(state.memberId, withKnown(state, states.get(state.memberId)))
  return states
}

/** Times are those of the state that has some; what was said is in no archive. */
function withKnown(state: MemberState, known: MemberState | undefined): MemberState {
  if (known === undefined) return state
  const joined = joinKinds(state, known)
  const times = RECEIPT_KINDS.every((kind) => state.times[kind].length === 0) ? known.times : state.times
  return { ...known, ...joined, times }
}
