/** Missing history, fetched page by page from either side as somebody scrolls there. */
import { ChatError, comparePoints, type ConversationId, type Point } from '../model/index.js'
import type { Gap } from '../storage/index.js'
import type { HistoryPage } from '../transport/index.js'
import { askHistory } from './askHistory.js'
import type { SyncContext } from './context.js'
import { replaceGap, type Fetched } from './gapRows.js'
import type { Inbound } from './inbound.js'
import { pageEnds, placesOfPage } from './pageEnds.js'

/** Fetches the page just below `before` where history is known to be missing there. Returns whether anything was fetched. */
export async function closeGapBelow(ctx: SyncContext, inbound: Inbound, conversationId: ConversationId, before: Point, limit: number): Promise<boolean> {
  const gaps = await ctx.storage.read((tx) => tx.gaps.list(conversationId))
  const open = openGap(gaps)
  const gap = open && (open.after === null || comparePoints(open.after, before) < 0) ? open : (gapBelow(gaps, before) ?? open)
  if (!gap || !ctx.transport.history) return false
  const page = await askHistory(ctx, conversationId, { ...(gap.before && { before: gap.before }), limit })
  const rest = shrinkFromAbove(gap, page)
  return closeGap(ctx, inbound, page, { gap, rest, whole: { after: rest ? rest.before : gap.after, before: gap.before } })
}

/** The same just above `after`. */
export async function closeGapAbove(ctx: SyncContext, inbound: Inbound, conversationId: ConversationId, after: Point, limit: number): Promise<boolean> {
  const gap = await ctx.storage.read(async (tx) => gapAbove(await tx.gaps.list(conversationId), after))
  if (!gap || !ctx.transport.history) return false
  const page = await askHistory(ctx, conversationId, { after, limit })
  const rest = shrinkFromBelow(gap, page)
  return closeGap(ctx, inbound, page, { gap, rest, whole: { after: gap.after, before: rest ? rest.after : gap.before } })
}

/** @throws ChatError `transport/stuckHistory` where all of it is missing still: to ask again at once would be to ask for ever */
async function closeGap(ctx: SyncContext, inbound: Inbound, page: HistoryPage, fetched: Omit<Fetched, 'places'>): Promise<boolean> {
  const places = placesOfPage(page)
  await inbound.store(page.messages, (tx, changes) => replaceGap(tx, ctx, { ...fetched, places }, changes))
  if (fetched.rest === fetched.gap) throw new ChatError('transport/stuckHistory', 'A page of history ends where it was asked for, so it brings nobody further. Answer with `contiguousTo: null` where nothing is beyond, else with how far the page is without holes.', { retryable: true })
  return page.messages.length > 0
}

/** The gap that reaches up to what comes next: nothing is here beyond its beginning. */
export function openGap(gaps: readonly Gap[]): Gap | undefined {
  return gaps.find(({ before }) => before === null)
}

/** The gap nearest below a place: the one in which it lies, else the one that ends last at or before it. */
export function gapBelow(gaps: readonly Gap[], point: Point): Gap | undefined {
  const below = gaps.filter(({ after, before }) => before !== null && (comparePoints(before, point) <= 0 || after === null || comparePoints(after, point) < 0))
  return below.reduce<Gap | undefined>((nearest, gap) => (nearest && comparePoints(nearest.before!, gap.before!) >= 0 ? nearest : gap), undefined)
}

/** The gap nearest above a row: the one that begins first at or after it. */
export function gapAbove(gaps: readonly Gap[], point: Point): Gap | undefined {
  const above = gaps.filter(({ after }) => after !== null && comparePoints(after, point) >= 0)
  return above.reduce<Gap | undefined>((nearest, gap) => (nearest && comparePoints(nearest.after!, gap.after!) <= 0 ? nearest : gap), undefined)
}

function shrinkFromAbove(gap: Gap, page: HistoryPage): Gap | null {
  const ends = pageEnds(page)
  if (ends === null) return null
  if (gap.after !== null && comparePoints(ends.oldest, gap.after) <= 0) return null
  return gap.before !== null && comparePoints(ends.oldest, gap.before) >= 0 ? gap : { ...gap, before: ends.oldest }
}

function shrinkFromBelow(gap: Gap, page: HistoryPage): Gap | null {
  const ends = pageEnds(page)
  if (ends === null) return null
  if (gap.before !== null && comparePoints(ends.newest, gap.before) >= 0) return null
  return gap.after !== null && comparePoints(ends.newest, gap.after) <= 0 ? gap : { ...gap, after: ends.newest }
}
