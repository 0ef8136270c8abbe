/** What is asked of the wire after every connect: the whole list of conversations, the newest history of those that moved on, and receipts the wire does not replay. State is pulled, never trusted from the cache alone. */
import { ChatError, comparePoints, type Conversation, type ConversationId, type Member, type Point } from '../model/index.js'
import { NO_OWN_STATE } from '../receipts/index.js'
import type { Gap, StorageTx } from '../storage/index.js'
import type { HistoryPage, Page, Paged } from '../transport/index.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { loadConversation, loadOwn, saveConversation } from './conversationRows.js'
import type { Inbound } from './inbound.js'
import { countUnreadRows } from './unread.js'

/** Newest messages fetched for a conversation that moved on. */
const BACK_FILL_ROWS = 50
const LIST_PAGE = 200

/** @param first - there was no cursor: the wire has replayed nothing. */
export async function catchUp(ctx: SyncContext, inbound: Inbound, first: boolean): Promise<void> {
  await pullConversations(ctx, inbound)
  await inbound.idle()
  const conversations = await ctx.storage.read((tx) => tx.conversations.list())
  const replayed = ctx.transport.capabilities.catchUp === 'cursor' && !first
  const receiptsToo = first || ctx.transport.capabilities.receiptsCatchUp === 'fetch'
  for (const conversation of conversations) {
    try {
      if (!conversation.rosterComplete) await pullMembers(ctx, inbound, conversation)
      // Receipts first: what I read elsewhere must not be counted as unread for a moment.
      if (receiptsToo) await pullReceipts(ctx, inbound, conversation.id)
      await inbound.idle()
      if (!replayed) await backFill(ctx, inbound, conversation)
    } catch (cause) {
      // One that is refused for good (left meanwhile, deleted) does not keep the others from what they missed.
      if (!(cause instanceof ChatError) || cause.retryable) throw cause
      ctx.onDropped(`catchUp/${cause.code}`, conversation.id)
    }
  }
}

async function pullConversations(ctx: SyncContext, inbound: Inbound): Promise<void> {
  const { transport } = ctx
  if (!transport.conversations) return
  for await (const items of pagesOf((page) => transport.conversations!(page))) for (const conversation of items) inbound.handle({ type: 'conversation', conversation })
}

/** Where a wire names conversations without their members, and gives these when asked: until they are known no receipt in it can be counted. */
async function pullMembers(ctx: SyncContext, inbound: Inbound, { id, kind }: Conversation): Promise<void> {
  const { transport } = ctx
  if (!transport.members) return
  const members: Member[] = []
  for await (const items of pagesOf((page) => transport.members!(id, page))) members.push(...items)
  inbound.handle({ type: 'conversation', conversation: { id, kind, members, rosterComplete: true } })
}

/** @throws ChatError `transport/badAnswer` when a back end goes in circles */
async function* pagesOf<T>(ask: (page: Page) => Promise<Paged<T>>): AsyncGenerator<readonly T[], void, undefined> {
  const seen = new Set<string>()
  for (let cursor: string | undefined; ; ) {
    const { items, next } = await ask({ limit: LIST_PAGE, ...(cursor === undefined ? {} : { cursor }) })
    yield items
    if (next === undefined) return
    if (seen.has(next)) throw new ChatError('transport/badAnswer', `The back end named the page "${next.slice(0, 40)}" as the next one twice, so its list has no end. What came is kept. Its last page must have no "next".`)
    seen.add(next)
    cursor = next
  }
}

/** Fetches the newest page where the head is ahead of what is stored, and records what lies between. */
async function backFill(ctx: SyncContext, inbound: Inbound, { id, head }: Conversation): Promise<void> {
  if (!ctx.transport.history || head === null) return
  const newest = await ctx.storage.read(async (tx) => (await tx.messages.page({ conversationId: id, limit: 1 }))[0]?.at ?? null)
  if (newest !== null && comparePoints(newest, head) >= 0) return
  const page = await ctx.transport.history(id, { limit: BACK_FILL_ROWS })
  await inbound.store(page.messages, (tx) => recordGapBelow(tx, id, newest, page))
}

/** What lies between the newest row known before and a page that was fetched from above. */
async function recordGapBelow(tx: StorageTx, conversationId: ConversationId, newest: Point | null, page: HistoryPage): Promise<void> {
  const oldest = page.messages[0]?.at
  if (oldest === undefined || page.contiguousTo === null) return
  if (newest !== null && comparePoints(oldest, newest) <= 0) return
  const gaps = await tx.gaps.list(conversationId)
  await tx.gaps.replace(conversationId, [...gaps, { conversationId, after: newest, before: oldest }])
}

async function pullReceipts(ctx: SyncContext, inbound: Inbound, id: ConversationId): Promise<void> {
  const receipts = (await ctx.transport.readStates?.(id)) ?? []
  for (const receipt of receipts) inbound.handle({ type: 'receipt', ...receipt, conversationId: id })
}

/** Fetches the page just below `before` where history is known to be missing there. Returns whether anything was fetched. */
export async function closeGapBelow(ctx: SyncContext, inbound: Inbound, conversationId: ConversationId, before: Point, limit: number): Promise<boolean> {
  const gap = await ctx.storage.read(async (tx) => gapBelow(await tx.gaps.list(conversationId), before))
  if (!gap || !ctx.transport.history) return false
  const page = await ctx.transport.history(conversationId, { before: gap.before ?? before, limit })
  await inbound.store(page.messages, (tx, changes) => replaceGap(tx, ctx, gap, shrinkFromAbove(gap, page), changes))
  return page.messages.length > 0
}

/** The same just above `after`. */
export async function closeGapAbove(ctx: SyncContext, inbound: Inbound, conversationId: ConversationId, after: Point, limit: number): Promise<boolean> {
  const gap = await ctx.storage.read(async (tx) => gapAbove(await tx.gaps.list(conversationId), after))
  if (!gap || !ctx.transport.history) return false
  const page = await ctx.transport.history(conversationId, { after, limit })
  await inbound.store(page.messages, (tx, changes) => replaceGap(tx, ctx, gap, shrinkFromBelow(gap, page), changes))
  return page.messages.length > 0
}

async function replaceGap(tx: StorageTx, ctx: SyncContext, gap: Gap, rest: Gap | null, changes: Changes): Promise<void> {
  const others = (await tx.gaps.list(gap.conversationId)).filter((other) => !sameGap(other, gap))
  await tx.gaps.replace(gap.conversationId, rest ? [...others, rest] : others)
  const conversation = await loadConversation(tx, gap.conversationId, changes)
  const own = (await loadOwn(tx, gap.conversationId, changes)) ?? NO_OWN_STATE
  const unread = await countUnreadRows(tx, ctx.me, conversation, own)
  await saveConversation(tx, { ...conversation, unread }, changes)
}

/** The gap nearest below a row: the one that ends last at or before it. */
export function gapBelow(gaps: readonly Gap[], point: Point): Gap | undefined {
  const below = gaps.filter(({ before }) => before !== null && comparePoints(before, point) <= 0)
  return below.reduce<Gap | undefined>((nearest, gap) => (nearest && comparePoints(nearest.before!, gap.before!) >= 0 ? nearest : gap), undefined)
}

/** The gap nearest above a row: the one that begins first at or after it. */
export function gapAbove(gaps: readonly Gap[], point: Point): Gap | undefined {
  const above = gaps.filter(({ after }) => after !== null && comparePoints(after, point) >= 0)
  return above.reduce<Gap | undefined>((nearest, gap) => (nearest && comparePoints(nearest.after!, gap.after!) <= 0 ? nearest : gap), undefined)
}

function shrinkFromAbove(gap: Gap, page: HistoryPage): Gap | null {
  const oldest = page.messages[0]?.at
  if (oldest === undefined || page.contiguousTo === null) return null
  if (gap.after !== null && comparePoints(oldest, gap.after) <= 0) return null
  return { ...gap, before: oldest }
}

function shrinkFromBelow(gap: Gap, page: HistoryPage): Gap | null {
  const newest = page.messages.at(-1)?.at
  if (newest === undefined || page.contiguousTo === null) return null
  if (gap.before !== null && comparePoints(newest, gap.before) >= 0) return null
  return { ...gap, after: newest }
}

function sameGap(a: Gap, b: Gap): boolean {
  return samePoint(a.after, b.after) && samePoint(a.before, b.before)
}

function samePoint(a: Point | null, b: Point | null): boolean {
  return a === b || (a !== null && b !== null && comparePoints(a, b) === 0)
}
