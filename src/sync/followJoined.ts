import type { ConversationId, Member } from '../model/index.js'
import { sameData } from '../model/sameData.js'
import { NO_OWN_STATE } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { findConversation, loadOwn, saveConversation } from './conversationRows.js'
import { joinedOf } from './joined.js'
import { countUnreadRows } from './unread.js'

/** The roster changed: where it says something else of me, another part of what is here is unread. */
export async function followJoined(tx: StorageTx, ctx: SyncContext, id: ConversationId, members: readonly Member[], changes: Changes): Promise<void> {
  const conversation = await findConversation(tx, id, changes)
  const joined = joinedOf(members, ctx.me)
  if (!conversation || sameData(conversation.joined, joined)) return
  const { joined: _, ...rest } = conversation
  const next = joined ? { ...rest, joined } : rest
  await saveConversation(tx, { ...next, unread: await countUnreadRows(tx, ctx, next, (await loadOwn(tx, id, changes)) ?? NO_OWN_STATE) }, changes)
}
