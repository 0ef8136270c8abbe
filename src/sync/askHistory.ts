/** A page of history of one conversation, as a wire that somebody else wrote gives it. */
import { ChatError, type ConversationId } from '../model/index.js'
import type { HistoryPage, HistoryQuery } from '../transport/index.js'
import { answered } from './answered.js'
import { whyMalformed } from './applyMessages.js'
import type { SyncContext } from './context.js'

/**
 * One of another conversation says nothing of this one, and would stand in that as if all before it were here.
 * @throws ChatError `transport/badAnswer`, and nothing of it is stored
 */
export async function askHistory(ctx: SyncContext, id: ConversationId, query: HistoryQuery): Promise<HistoryPage> {
  const page = await answered(ctx, ctx.transport.history!(id, query))
  const stranger = page.messages.find((message) => whyMalformed(message) === null && message.conversationId !== id)
  if (stranger) throw new ChatError('transport/badAnswer', `The back end was asked for history of conversation "${id}", and gave messages of "${stranger.conversationId}", so none of them is stored. Answer with messages of the conversation that is asked for.`)
  return page
}
