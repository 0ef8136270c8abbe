/** What was stored was delivered: one report a conversation, queued in the transaction that stored it. */
import { isCountable, type ConversationId, type Point } from '../model/index.js'
import { NO_OWN_STATE, readMine } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { loadConversation, loadOwn, saveOwn } from './conversationRows.js'
import { isTooLarge } from './groupSize.js'
import { knownHistory } from './knownHistory.js'
import { neighbourhood } from './neighbourhood.js'
import { queueReport, receiptVisibility } from './queueReport.js'
import { storedStretches } from './stretches.js'

/** Messages may overtake each other, so a message is delivered when it is here, and not because a later one is. */
export async function noteDelivered(tx: StorageTx, ctx: SyncContext, changes: Changes): Promise<void> {
  if (ctx.transport.capabilities.deliveredBy !== 'core') return
  for (const [id, points] of arrivals(ctx, changes)) {
    const conversation = await loadConversation(tx, id, changes)
    const before = (await loadOwn(tx, id, changes)) ?? NO_OWN_STATE
    const ranges = storedStretches(await neighbourhood(tx, id, points), points, await knownHistory(tx, ctx, conversation))
    const publish = (await receiptVisibility(tx, conversation)) !== 'off' && !(await isTooLarge(tx, ctx, conversation, changes))
    const own = readMine(before, { ranges }, { kind: 'delivered', publish, readMode: 'perMessage' })
    if (own === before) continue
    await saveOwn(tx, id, own, changes)
    await queueReport(tx, ctx, conversation, own, 'delivered', changes)
  }
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
