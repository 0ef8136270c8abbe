import type { Progress } from '../model/index.js'
import { containsProgress } from '../receipts/index.js'
import type { OutboxReport } from '../storage/index.js'
import type { TransportError } from '../transport/index.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { queueOne, reportDue } from './queueReport.js'

/**
 * A report that is refused for good will not be taken later either; my own state keeps it, and my other devices are told where others are not.
 * What was read while it was under way waits in the same row, and has not been refused.
 *
 * @param refused - all that was due when it was sent
 */
export async function dropReport(ctx: SyncContext, { seq, conversationId, kind, visibility, readAt, said }: OutboxReport, refused: Progress, { code }: TransportError): Promise<Changes> {
  const tellOwn = code === 'transport/receiptExpired' && ctx.transport.capabilities.ownDeviceReports && kind !== 'delivered' && visibility === 'published'
  const changes = await ctx.storage.write(async (tx) => {
    const made = createChanges()
    const own = await tx.readStates.getOwn(conversationId)
    const due = own && !said ? reportDue(own, kind, visibility) : null
    const hasNews = due !== null && !containsProgress(refused, due)
    if (!hasNews) await tx.outbox.delete(seq)
    if (tellOwn) await queueOne(tx, conversationId, kind, 'ownDevices', readAt)
    made.reports = hasNews || tellOwn
    return made
  })
  ctx.onDropped('report/refused', conversationId)
  return changes
}
