/** Marking a conversation as unread, and how that ends: by `clearUnread`, or by reading on a later visit. */
import type { Conversation, ConversationId, ManualUnread } from '../model/index.js'
import { endsByReading, markedUnread, NEVER_MARKED, unmarkedUnread } from '../receipts/manualUnread.js'
import type { StorageTx } from '../storage/index.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { requireConversation, saveConversation } from './conversationRows.js'

/** @throws ChatError `client/unknownConversation` */
export async function markUnread(ctx: SyncContext, conversationId: ConversationId): Promise<Changes> {
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    const conversation = await requireConversation(tx, conversationId, 'it cannot be marked as unread')
    await saveMark(tx, conversation, markedUnread(conversation.manualUnread), changes)
    return changes
  }, { durability: 'strict' })
}

/** Something in it is being read. Returns the conversation as it is stored by now. */
export async function endMarkByReading(tx: StorageTx, ctx: SyncContext, conversation: Conversation, changes: Changes): Promise<Conversation> {
  return endsByReading(conversation.manualUnread, markAtEntry(ctx, conversation.id)) ? endMark(tx, conversation, changes) : conversation
}

/** Returns the conversation as it is stored by now. */
export async function endMark(tx: StorageTx, conversation: Conversation, changes: Changes): Promise<Conversation> {
  return saveMark(tx, conversation, unmarkedUnread(conversation.manualUnread), changes)
}

/** Null while the conversation is not open in this tab. */
function markAtEntry({ store }: SyncContext, id: ConversationId): ManualUnread | null {
  const window = store.getState().windows.get(id)
  return window ? (window.markAtEntry ?? NEVER_MARKED) : null
}

async function saveMark(tx: StorageTx, conversation: Conversation, manualUnread: ManualUnread, changes: Changes): Promise<Conversation> {
  if (manualUnread === conversation.manualUnread) return conversation
  const marked = { ...conversation, manualUnread }
  await saveConversation(tx, marked, changes)
  return marked
}
