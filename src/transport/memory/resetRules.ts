/** New epochs: for a conversation that lost its tail, and for devices that have seen more than this hub remembers. Pure. */
import type { ConversationId, UserId } from '../../model/index.js'
import type { HubRecord } from './hubRecords.js'
import type { ConversationState, HubState } from './hubState.js'
import { conversationsOf } from './hubViews.js'

export function resetConversation(conversation: ConversationState, loseLast: number): readonly HubRecord[] {
  const lost = loseLast > 0 ? conversation.entries.slice(-loseLast).map((message) => message.id).reverse() : []
  return [{ event: { type: 'reset', conversationId: conversation.id, epoch: conversation.epoch + 1, lost } }]
}

/**
 * A device brings the cursor of another hub: this one was emptied since. Its points would be taken for old ones, and new
 * messages would be born read, so every conversation of the device goes beyond the epoch that it has seen.
 * @param made - conversations that the device is just bringing with it
 */
export function raiseEpochs(state: HubState, userId: UserId, seen: number, made: readonly ConversationId[]): readonly HubRecord[] {
  const known = conversationsOf(state, userId).filter((conversation) => conversation.epoch <= seen).map((conversation) => conversation.id)
  return [...known, ...made].map((conversationId) => ({ event: { type: 'reset', conversationId, epoch: seen + 1, lost: [] } }))
}
