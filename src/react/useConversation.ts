'use client'
import type { Conversation, ConversationId } from '../model/index.js'
import { useClientState } from './useClientState.js'

/** A conversation with its aggregates, or null while the list is not loaded or where there is none with that id. @public */
export function useConversation(conversationId: ConversationId): Conversation | null {
  return useClientState((state) => state.conversations.find(({ id }) => id === conversationId) ?? null, 'useConversation()')
}
