/** A stored count that does not say what its rows say, as after damage to the database: step by step it would stay wrong for ever. */
import type { ConversationId } from '../model/index.js'
import { NO_OWN_STATE } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { recountUnread } from './gapRows.js'
import { isCountTrue } from './unread.js'

/** Counts again where it is wrong. Null: it was right, and nothing was written. */
export async function mendUnread(ctx: SyncContext, id: ConversationId): Promise<Changes | null> {
  const isRight = (tx: StorageTx) => isUnreadRight(tx, ctx, id)
  if (await ctx.storage.read(isRight)) return null
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    // It may have been counted since, here or in another tab.
    if (!(await isRight(tx))) await recountUnread(tx, ctx, id, changes)
    return changes
  })
}

async function isUnreadRight(tx: StorageTx, ctx: SyncContext, id: ConversationId): Promise<boolean> {
  const conversation = await tx.conversations.get(id)
  return !conversation || isCountTrue(tx, ctx, conversation, (await tx.readStates.getOwn(id)) ?? NO_OWN_STATE)
}
