import { ChatError, type ConversationId } from '../model/index.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { requireConversation, saveConversation } from './conversationRows.js'

/**
 * Keeps an unfinished message with its conversation; an empty one is forgotten.
 * @throws ChatError `client/unknownConversation` where there is nothing to keep it with; `client/invalidDraft` for what is no text
 */
export async function storeDraft(ctx: SyncContext, conversationId: ConversationId, text: string): Promise<Changes> {
  // The storage would put the row aside, and the screen show what is not kept.
  if (typeof text !== 'string') throw new ChatError('client/invalidDraft', 'setDraft() was given what is no text, so nothing was kept. Pass an empty text to forget a draft.')
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    if (text === '' && !(await tx.conversations.get(conversationId))) return changes
    const conversation = await requireConversation(tx, conversationId, 'the draft was not kept')
    if ((conversation.draft ?? '') === text) return changes
    const { draft: _draft, ...rest } = conversation
    await saveConversation(tx, text === '' ? rest : { ...rest, draft: text }, changes)
    return changes
  })
}
