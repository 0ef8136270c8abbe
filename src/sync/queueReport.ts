/** Puts a report in the outbox: one row for each (conversation, kind, visibility), whose body is computed when it is drained, so that any number of reads is one row. */
import type { Conversation, ConversationId, Progress, ReceiptKind, ReceiptVisibility } from '../model/index.js'
import { containsProgress, dueReport, joinProgress, type OwnState } from '../receipts/index.js'
import type { OutboxReport, StorageTx } from '../storage/index.js'
import type { ReceiptScope } from '../transport/index.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { choiceOf, chosenVisibility, lostChoices, type Choices } from './keptChoices.js'
import { floorOf } from './keptFloors.js'

type ReportVisibility = OutboxReport['visibility']

/** Where nobody chose. */
export const DEFAULT_VISIBILITY: ReceiptVisibility = 'public'

/** The user's own setting, for all conversations that have none of their own. */
export async function userVisibility(tx: StorageTx, ctx: SyncContext): Promise<ReceiptVisibility> {
  return userSetting(tx, await lostChoices(tx, ctx))
}

/** Who is told, by the conversation's setting, else the user's, else everybody; nobody, where a floor is not in these rows yet. */
export async function receiptVisibility(tx: StorageTx, ctx: SyncContext, conversation: Conversation): Promise<ReceiptVisibility> {
  const lost = await lostChoices(tx, ctx)
  const setting = conversation.receipts ?? (lost && choiceOf(lost, conversation.id)) ?? (await userSetting(tx, lost))
  const hasLostFloor = lost !== null && floorOf(lost.floors, conversation) !== null
  return setting === 'public' && hasLostFloor ? 'private' : setting
}

async function userSetting(tx: StorageTx, lost: Choices | null): Promise<ReceiptVisibility> {
  return (await chosenVisibility(tx)) ?? lost?.own ?? DEFAULT_VISIBILITY
}

/** Whether progress of this kind is published at all. `private` still tells what was delivered. */
export function isPublished(kind: ReceiptKind, setting: ReceiptVisibility): boolean {
  return setting === 'public' || (setting === 'private' && kind === 'delivered')
}

/** Queues what is due of this kind, for others and for my own devices. */
export async function queueReport(tx: StorageTx, ctx: SyncContext, conversation: Conversation, own: OwnState, kind: ReceiptKind, changes: Changes): Promise<void> {
  const { capabilities } = ctx.transport
  const ways: ReportVisibility[] = []
  if (capabilities[kind][conversation.kind] !== 'none' && reportDue(own, kind, 'published')) ways.push('published')
  if (capabilities.ownDeviceReports && kind !== 'delivered' && isPrivatelyDue(own, kind, capabilities[kind][conversation.kind])) ways.push('ownDevices')
  for (const visibility of ways) await queueOne(tx, conversation.id, kind, visibility, ctx.ports.clock.now())
  if (ways.length > 0) changes.reports = true
}

/** What is due of this kind, or null. A reading that was published says of itself that it was delivered, as far as the wire has taken it. */
export function reportDue(own: OwnState, kind: ReceiptKind, visibility: ReportVisibility): Progress | null {
  const due = dueReport(own, kind, visibility)
  if (due === null || kind !== 'delivered') return due
  const { delivered, read, viewed } = own.acked.published
  return containsProgress(joinProgress(joinProgress(delivered, read), viewed), due) ? null : due
}

/** A published report reaches my own devices too; only what is not, or cannot be, published goes to them alone. */
function isPrivatelyDue(own: OwnState, kind: ReceiptKind, scope: ReceiptScope): boolean {
  if (!dueReport(own, kind, 'ownDevices')) return false
  return scope === 'point' || scope === 'none' || !containsProgress(joinProgress(own.wanted[kind], own.acked.ownDevices[kind]), own.synced[kind])
}

/** @param readAt - of the newest read in it, epoch milliseconds */
export async function queueOne(tx: StorageTx, conversationId: ConversationId, kind: ReceiptKind, visibility: ReportVisibility, readAt: number): Promise<void> {
  const rows = await tx.outbox.list({ conversationId, lane: 'receipt' })
  const waiting = rows.find((row): row is OutboxReport => row.action === 'report' && row.kind === kind && row.visibility === visibility && row.said === undefined)
  if (waiting) await tx.outbox.put({ ...waiting, readAt })
  else await tx.outbox.add({ lane: 'receipt', action: 'report', conversationId, kind, visibility, readAt, attempts: 0, notBefore: 0 })
}
