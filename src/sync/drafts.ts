import type { ConversationId } from '../model/index.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { saveConversation } from './conversationRows.js'

/** Keeps an unfinished message with its conversation; an empty one is forgotten. */
export async function storeDraft(ctx: SyncContext, conversationId: ConversationId, text: string): Promise<Changes> {
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    const conversation = await tx.conversations.get(conversationId)
    if (!conversation || (conversation.draft ?? '') === text) return changes
    const { draft: _draft, ...rest } = conversation
    await saveConversation(tx, text === '' ? rest : { ...rest, draft: text }, changes)
    return changes
  })
}
