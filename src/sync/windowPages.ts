/** Pages of one conversation for the screen: from storage, cut where history is known to be missing. */
import { comparePoints, type Conversation, type ConversationId, type Message, type Point, type SourceAnchor, type UserId } from '../model/index.js'
import type { OwnState } from '../receipts/index.js'
import type { Gap, StorageTx } from '../storage/index.js'
import { gapAbove, gapBelow, openGap } from './gapFilling.js'
import { findFirstUnread, openingPlace } from './openingPlace.js'
import { FIRST_PLACE } from './places.js'

/** Rows of one page. */
export const PAGE_ROWS = 60
/** Rows above the place where a conversation opens. */
const CONTEXT_ROWS = 20
/** Rows looked through at once where all are hidden. */
const HIDDEN_ROWS = 500
/** After every message. */
export const BEYOND_ALL: Point = { epoch: Number.MAX_SAFE_INTEGER, order: 0, id: '' }

/** Neighbouring rows without a hole, and whether there is more at either end. */
export interface RowPage {
  readonly rows: readonly Message[]
  readonly hasOlder: boolean
  readonly hasNewer: boolean
  /** Where missing history ends below it. */
  readonly from?: Point
}

/** Where an empty window begins. */
export function beginOf({ rows, from }: RowPage): Pick<RowPage, 'from'> {
  return from && !showsAny(rows) ? { from } : {}
}

/** Rows that are hidden here are in a page and never on screen: one that has only such would lead nowhere. */
export function showsAny(rows: readonly Message[]): boolean {
  return rows.some(({ hidden }) => !hidden)
}

/** One page before `point`, and more until there is something to show. None to show and `hasOlder`: a gap comes first, and has to be fetched. */
export async function pageBefore(tx: StorageTx, conversationId: ConversationId, point: Point | undefined, limit = PAGE_ROWS): Promise<RowPage> {
  const gaps = await tx.gaps.list(conversationId)
  const gap = gapBelow(gaps, point ?? BEYOND_ALL)
  let all: readonly Message[] = []
  for (let before = point, most = limit; ; most = HIDDEN_ROWS) {
    const rows = await tx.messages.page({ conversationId, ...(before ? { before } : {}), limit: most })
    const whole = gap ? rows.filter((row) => !isBelow(row, gap)) : rows
    all = [...whole, ...all]
    const isEnd = rows.length < most || whole.length < rows.length
    if (isEnd || showsAny(whole)) {
      // Where nothing is here, as for somebody who has just joined, all that there is lies below what comes next.
      const from = gap?.before ?? (all.length === 0 && openGap(gaps) ? BEYOND_ALL : undefined)
      return { rows: all, hasOlder: rows.length === most || from !== undefined, hasNewer: point !== undefined, ...(from && { from }) }
    }
    before = rows[0]!.at!
  }
}

/** One page after `point`, and more until there is something to show; null = from the first row. */
export async function pageAfter(tx: StorageTx, conversationId: ConversationId, point: Point | null, limit = PAGE_ROWS): Promise<RowPage> {
  const gap = gapAbove(await tx.gaps.list(conversationId), point ?? FIRST_PLACE)
  let all: readonly Message[] = []
  for (let after = point ?? FIRST_PLACE, most = limit; ; most = HIDDEN_ROWS) {
    const rows = await tx.messages.page({ conversationId, after, limit: most })
    const whole = gap ? rows.filter((row) => comparePoints(row.at!, gap.after!) <= 0) : rows
    all = [...all, ...whole]
    const isEnd = rows.length < most || whole.length < rows.length
    if (isEnd || showsAny(whole)) return { rows: all, hasOlder: point !== null, hasNewer: rows.length === most || whole.length < rows.length }
    after = rows.at(-1)!.at!
  }
}

/** The row at a place, where there is one, and a page after it. Others may stand at the same order, before it. */
export async function pageFrom(tx: StorageTx, conversationId: ConversationId, at: Point, limit = PAGE_ROWS): Promise<RowPage> {
  const row = await tx.messages.byId(conversationId, at.id)
  const page = await pageAfter(tx, conversationId, at, limit)
  return row?.at && comparePoints(row.at, at) === 0 ? { ...page, rows: [row, ...page.rows] } : page
}

/** Where to open: the page around an anchor, with the first unread message. */
export async function pageAround(tx: StorageTx, me: UserId, conversation: Conversation, own: OwnState, anchor: SourceAnchor): Promise<RowPage & { firstUnread: Message | null }> {
  const conversationId = conversation.id
  const firstUnread = await findFirstUnread(tx, me, conversation, own)
  const at = await openingPlace(tx, conversationId, anchor, firstUnread)
  if (at === null) return { ...(await pageBefore(tx, conversationId, undefined)), hasNewer: false, firstUnread }
  const older = await pageBefore(tx, conversationId, at, CONTEXT_ROWS)
  const newer = await pageFrom(tx, conversationId, at)
  return { rows: [...older.rows, ...newer.rows], hasOlder: older.hasOlder, hasNewer: newer.hasNewer, firstUnread }
}

/** Whether a row lies on the far side of a gap. */
function isBelow(row: Message, gap: Gap): boolean {
  return gap.before !== null && comparePoints(row.at!, gap.before) < 0
}

