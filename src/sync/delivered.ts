/** What was stored was delivered: one report a conversation, queued in the transaction that stored it. */
import { comparePoints, isCountable, type ConversationId, type Message, type Point } from '../model/index.js'
import { coversPoint, NO_OWN_STATE, readMine } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { loadConversation, loadOwn, saveOwn } from './conversationRows.js'
import { isTooLarge } from './groupSize.js'
import { knownHistory } from './knownHistory.js'
import { neighbourhood } from './neighbourhood.js'
import { queueReport, receiptVisibility } from './queueReport.js'
import { storedStretches, type KnownHistory } from './stretches.js'

/** Messages may overtake each other, so a message is delivered when it is here, and not because a later one is. */
export async function noteDelivered(tx: StorageTx, ctx: SyncContext, changes: Changes): Promise<void> {
  if (ctx.transport.capabilities.deliveredBy !== 'core') return
  for (const [id, points] of arrivals(ctx, changes)) {
    const conversation = await loadConversation(tx, id, changes)
    const before = (await loadOwn(tx, id, changes)) ?? NO_OWN_STATE
    const publish = (await receiptVisibility(tx, ctx, conversation)) !== 'off' && !(await isTooLarge(tx, ctx, conversation, changes))
    const history = await knownHistory(tx, ctx, conversation, changes)
    const isKnown = (row: Message) => coversPoint(before.synced.delivered, row.at!) && (!publish || coversPoint(before.wanted.delivered, row.at!))
    const rows = (await newestRows(tx, conversation.id, points, history, isKnown, changes)) ?? (await neighbourhood(tx, id, points))
    const ranges = storedStretches(rows, ctx.me, points, history)
    const own = readMine(before, { ranges }, { kind: 'delivered', publish, readMode: 'perMessage' })
    if (own === before) continue
    await saveOwn(tx, id, own, changes)
    await queueReport(tx, ctx, conversation, own, 'delivered', changes)
  }
}

/** Rows before the newest that are looked at first. */
const FEW_ROWS = 8

/**
 * What arrived, and what is just before it: enough where it is beyond everything received before, and something just before it is told already,
 * for a stretch from there joins all before. Null where that is not so.
 */
async function newestRows(
  tx: StorageTx, id: ConversationId, points: readonly Point[], { settledUpTo = Infinity }: KnownHistory, isKnown: (row: Message) => boolean, changes: Changes,
): Promise<readonly Message[] | null> {
  const head = changes.stored.conversations.get(id)?.head
  const oldest = points.reduce((a, b) => (comparePoints(a, b) <= 0 ? a : b))
  // Where only time orders, what was told one by one grows together later: all of it is looked at.
  if (!head || comparePoints(oldest, head) <= 0 || settledUpTo < Infinity) return null
  const before = await tx.messages.page({ conversationId: id, before: oldest, limit: FEW_ROWS })
  if (before.length === FEW_ROWS && !before.some(isKnown)) return null
  const arrived = [...changes.rows.values()].filter((row) => row.conversationId === id && row.at !== null && comparePoints(row.at, oldest) >= 0)
  return [...before, ...arrived.sort((a, b) => comparePoints(a.at!, b.at!))]
}

function arrivals(ctx: SyncContext, changes: Changes): Map<ConversationId, Point[]> {
  const points = new Map<ConversationId, Point[]>()
  for (const row of changes.rows.values()) {
    if (row.at === null || !isCountable(row, ctx.me)) continue
    const group = points.get(row.conversationId)
    if (group) group.push(row.at)
    else points.set(row.conversationId, [row.at])
  }
  return points
}
