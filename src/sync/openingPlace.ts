/** Where a window opens: at what was asked for, or at the first message that is unread. */
import { ChatError, comparePoints, maxPoint, type Conversation, type ConversationId, type Message, type Point, type PointRange, type SourceAnchor, type UserId } from '../model/index.js'
import type { OwnState } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import { joinedFrom } from './joined.js'
import { FIRST_PLACE } from './places.js'
import { startOf } from './resets.js'
import { countsAsUnread } from './unread.js'

/** Rows looked through at once for the first countable one. */
const SCAN_ROWS = 200
/** Pages of them. A stretch that was read is passed over. */
const MOST_PAGES = 5

/** Null: at the newest. */
export async function openingPlace(tx: StorageTx, conversationId: ConversationId, anchor: SourceAnchor, firstUnread: Message | null): Promise<Point | null> {
  if (anchor === 'newest') return null
  if (anchor === 'firstUnread') return firstUnread?.at ?? null
  if ('at' in anchor) return anchor.at
  if ('time' in anchor) return findByTime(tx, conversationId, anchor.time)
  const row = await tx.messages.byId(conversationId, anchor.id)
  if (row) return row.at
  throw new ChatError('source/unknownMessage', `Message "${anchor.id}" is not in the stored history of conversation "${conversationId}", so the list cannot go to it. Load older messages first, or check the id.`)
}

/**
 * The first unread message that is worth opening at. Who never read anything here opens at the newest, as a newcomer does:
 * the beginning of history is no place to begin.
 */
export async function findFirstUnread(tx: StorageTx, me: UserId, conversation: Conversation, own: OwnState): Promise<Message | null> {
  const { upTo, ranges } = own.synced.read
  const start = upTo ?? ranges[0]?.from ?? null
  const isUnread = (row: Message) => countsAsUnread(row, me, own, conversation) === 1
  // From each time that I joined.
  for (const interval of conversation.joined ?? [undefined]) {
    let after = maxPoint(start, joinedFrom(interval)) ?? FIRST_PLACE
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const rows = await tx.messages.page({ conversationId: conversation.id, after: endOfRead(after, ranges), limit: SCAN_ROWS })
      if (start === null && rows.length === SCAN_ROWS) return null
      const first = rows.find(isUnread)
      if (first) return first
      if (rows.length < SCAN_ROWS) break
      after = rows.at(-1)!.at!
    }
  }
  return null
}

function endOfRead(place: Point, ranges: readonly PointRange[]): Point {
  return ranges.find(({ from, to }) => comparePoints(from, place) <= 0 && comparePoints(place, to) <= 0)?.to ?? place
}

/** The first row from a time on: times grow with places. Null: the newest. */
async function findByTime(tx: StorageTx, conversationId: ConversationId, time: number): Promise<Point | null> {
  const next = async (after: Point) => (await tx.messages.page({ conversationId, after, limit: 1 }))[0]
  const isReached = async (place: Point) => ((await next(place))?.time ?? Infinity) >= time
  const [newest] = await tx.messages.page({ conversationId, limit: 1 })
  const oldest = await next(FIRST_PLACE)
  if (!newest?.at || !oldest?.at || newest.time <= time) return null
  // The last epoch that begins before it, or the first of all.
  const epoch = (await bisect(oldest.at.epoch + 1, newest.at.epoch + 1, (each) => isReached(startOf(each)))) - 1
  const [last] = await tx.messages.page({ conversationId, before: startOf(epoch + 1), limit: 1 })
  const order = await bisect(0, (last?.at?.order ?? 0) + 1, (each) => isReached({ epoch, order: each, id: '' }))
  return (await next({ epoch, order, id: '' }))?.at ?? null
}

/** The least whole number from `low` on for which something is so, as for all that are greater; `high` where it is so for none below. */
async function bisect(low: number, high: number, isSo: (middle: number) => Promise<boolean>): Promise<number> {
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (await isSo(middle)) high = middle
    else low = middle + 1
  }
  return low
}
