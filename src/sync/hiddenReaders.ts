import type { Message } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import type { SyncContext } from './context.js'
import { receiptVisibility } from './queueReport.js'

/** Whether nobody is named who read a message: it was taken back, and its receipts stopped counting; or what others read is hidden here. */
export async function hidesReaders(tx: StorageTx, ctx: SyncContext, message: Message): Promise<boolean> {
  const [id] = message.ids
  // Who asks may hold it as it was before it was taken back.
  const row = (id === undefined ? undefined : await tx.messages.byId(message.conversationId, id)) ?? message
  return row.recalledAt !== undefined || (await hidesOthers(tx, ctx, message.conversationId))
}

/** Whether who tells nobody here what they read is shown nothing of others either (`reciprocal`). It is still joined, and shows again when receipts are switched on. */
export async function hidesOthers(tx: StorageTx, ctx: SyncContext, conversationId: string): Promise<boolean> {
  if (!ctx.policy.reciprocal) return false
  const conversation = await tx.conversations.get(conversationId)
  return conversation !== undefined && (await receiptVisibility(tx, ctx, conversation)) !== 'public'
}
