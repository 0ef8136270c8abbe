import { NO_PROGRESS, type ConversationId, type ReceiptKind } from '../model/index.js'
import { ackReport, containsProgress, NO_OWN_STATE } from '../receipts/index.js'
import type { OutboxReport, StorageTx } from '../storage/index.js'
import type { TransportError } from '../transport/index.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { saveOwn } from './conversationRows.js'
import { queueOne, reportDue } from './queueReport.js'
import type { PreparedReport } from './reporting.js'

/**
 * A report that is refused for good will not be taken later either; my own state keeps it, and my other devices are told where others are not.
 * What was read while it was under way waits in the same row, and has not been refused.
 * Where single messages are named, those that come too late, and one that the wire does not know, are named no more: they are the oldest, and what stands behind
 * them would never have its turn.
 *
 * @param refused - what was sent; null: nothing is known of it
 */
export async function dropReport(ctx: SyncContext, { seq, conversationId, kind, visibility, readAt, said }: OutboxReport, refused: PreparedReport | null, { code }: TransportError): Promise<Changes> {
  const isTooLate = code === 'transport/receiptExpired' && visibility === 'published'
  const tellOwn = isTooLate && ctx.transport.capabilities.ownDeviceReports && kind !== 'delivered'
  const changes = await ctx.storage.write(async (tx) => {
    const made = createChanges()
    const before = (await tx.readStates.getOwn(conversationId)) ?? NO_OWN_STATE
    const own = refused && (isTooLate || code === UNKNOWN) && !said && (await isNamedAlone(tx, ctx, conversationId, kind)) ? ackReport(before, kind, visibility, refused.covers, NO_PROGRESS) : before
    if (own !== before) await saveOwn(tx, conversationId, own, made)
    const due = said ? null : reportDue(own, kind, visibility)
    const hasNews = due !== null && (own !== before || !containsProgress(refused?.due ?? NO_PROGRESS, due))
    if (!hasNews) await tx.outbox.delete(seq)
    if (tellOwn) await queueOne(tx, conversationId, kind, 'ownDevices', readAt)
    made.reports = hasNews || tellOwn
    return made
  })
  ctx.onDropped('report/refused', conversationId)
  return changes
}

/** Whether a refusal may be of one message among several that were named. */
export async function isOfOneMessage(ctx: SyncContext, { conversationId, kind }: OutboxReport, { code }: TransportError): Promise<boolean> {
  return code === UNKNOWN && ctx.storage.read((tx) => isNamedAlone(tx, ctx, conversationId, kind))
}

const UNKNOWN = 'transport/notFound'

/** Whether the wire acknowledges single messages. */
async function isNamedAlone(tx: StorageTx, { transport }: SyncContext, id: ConversationId, kind: ReceiptKind): Promise<boolean> {
  const conversation = await tx.conversations.get(id)
  return conversation !== undefined && transport.capabilities[kind][conversation.kind] === 'message'
}
