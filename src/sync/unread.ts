/** Unread counts: raised step by step, counted again from the rows where a step is not enough. */
import { comparePoints, isCountable, maxPoint, type Conversation, type Message, type Point, type PointRange, type UnreadCount, type UserId } from '../model/index.js'
import { countUnread, finishUnread, NOTHING_COUNTED, UNREAD_LIMIT, type OwnState } from '../receipts/index.js'
import { coversMessage } from '../receipts/coversMessage.js'
import type { StorageTx } from '../storage/index.js'
import type { SyncContext } from './context.js'
import { isForMe, isNotForMe, joinedFrom } from './joined.js'
import { isForGood, uncounted } from './neverCame.js'
import { LAST_PLACE } from './places.js'

/** Rows read at a time while counting. */
const COUNT_PAGE_ROWS = 200
/** Rows looked at before the count is given up as inexact: a long read stretch must not be walked at every read. */
const COUNT_MAX_ROWS = 5_000

/** 1 where the row is unread, else 0. */
export function countsAsUnread(row: Message, me: UserId, own: OwnState, { joined }: Pick<Conversation, 'joined'>): 0 | 1 {
  return row.at !== null && !row.hidden && isCountable(row, me) && isForMe(row.at, joined) && !coversMessage(own.synced.read, row) ? 1 : 0
}

/** The count after `delta` more (or fewer) unread messages. At the limit it stays "99+" until it is counted again. */
export function addUnread(unread: UnreadCount | null, delta: number): UnreadCount | null {
  if (unread === null || delta === 0) return unread
  const count = Math.max(0, unread.count + delta)
  if (count >= UNREAD_LIMIT) return { count: UNREAD_LIMIT - 1, exact: false }
  return { count, exact: unread.exact }
}

/** The unread rows among the newest, in no order. */
export async function unreadRows(tx: StorageTx, me: UserId, conversation: Conversation, own: OwnState): Promise<readonly Message[]> {
  const { upTo } = own.synced.read
  const unread: Message[] = []
  let before: Point | undefined
  for (let seen = 0; seen < COUNT_MAX_ROWS; seen += COUNT_PAGE_ROWS) {
    const rows = await tx.messages.page({ conversationId: conversation.id, ...(before ? { before } : {}), limit: COUNT_PAGE_ROWS })
    unread.push(...rows.filter((row) => countsAsUnread(row, me, own, conversation) === 1))
    before = rows[0]?.at ?? undefined
    // Everything before a prefix that was read is read.
    if (rows.length < COUNT_PAGE_ROWS || !before || (upTo && comparePoints(before, upTo) <= 0)) break
  }
  return unread
}

function isWithin(point: Point, { from, to }: PointRange): boolean {
  return comparePoints(from, point) <= 0 && comparePoints(point, to) <= 0
}

interface Looked {
  readonly unread: UnreadCount
  /** There was more to look at than is looked at for one count. */
  readonly isGivenUp: boolean
}

/** Counts from the newest row down to the read state, or to where I joined, and says whether something there is missing. */
export async function countUnreadRows(tx: StorageTx, ctx: Pick<SyncContext, 'me' | 'transport'>, conversation: Conversation, own: OwnState): Promise<UnreadCount> {
  return (await lookThrough(tx, ctx, conversation, own)).unread
}

/** Whether the count says what the rows say. Rows of which too many had to be looked at say only that there are as many: raised step by step it knows more. */
export async function isCountTrue(tx: StorageTx, ctx: Pick<SyncContext, 'me' | 'transport'>, conversation: Conversation, own: OwnState): Promise<boolean> {
  if (conversation.unread === null) return false
  const { count, exact } = conversation.unread
  const { unread, isGivenUp } = await lookThrough(tx, ctx, conversation, own)
  return isGivenUp ? count >= unread.count : count === unread.count && exact === unread.exact
}

async function lookThrough(tx: StorageTx, { me, transport }: Pick<SyncContext, 'me' | 'transport'>, conversation: Conversation, own: OwnState): Promise<Looked> {
  const { read } = own.synced
  const { id, joined } = conversation
  let scan = NOTHING_COUNTED
  // Everything up to the end of the prefix is read: none of it is looked at.
  const after = maxPoint(read.upTo, joinedFrom(joined?.[0]))
  let before = LAST_PLACE
  for (let seen = 0; scan.needMore; ) {
    if (seen >= COUNT_MAX_ROWS) return { unread: { count: scan.count, exact: false }, isGivenUp: true }
    const rows = await tx.messages.page({ conversationId: id, ...(after && { after }), before, limit: COUNT_PAGE_ROWS })
    scan = countUnread(rows.filter(({ at }) => isForMe(at!, joined)).reverse(), read, me, UNREAD_LIMIT, scan)
    if (rows.length < COUNT_PAGE_ROWS) break
    seen += rows.length
    const oldest = rows[0]!.at!
    // Nothing of a stretch that was read is looked at further.
    before = read.ranges.find((range) => isWithin(oldest, range))?.from ?? oldest
  }
  // Who tells of single messages alone counts them alone.
  const missing = isForGood({ transport }) && transport.capabilities.read[conversation.kind] === 'message' ? [] : await uncounted(tx, { me, transport }, id)
  const gaps = [...(await tx.gaps.list(id)), ...missing]
  return { unread: finishUnread(scan, read, gaps.filter((gap) => !isNotForMe(gap, joined, transport.capabilities.dense))), isGivenUp: false }
}
