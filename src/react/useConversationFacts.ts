'use client'
import { useMemo } from 'react'
import type { ConversationId, ConversationKind, ManualUnread } from '../model/index.js'
import { useClientState } from './useClientState.js'

/** What of a conversation stays while messages come and go. */
export interface ConversationFacts {
  readonly id: ConversationId
  readonly kind: ConversationKind
  readonly title?: string | undefined
  readonly avatarUrl?: string | undefined
  readonly manualUnread: Pick<ManualUnread, 'on'>
}

/** The same object while nothing in it changed, so that a message that comes renders no header and no composer. Null as for `useConversation`. */
export function useConversationFacts(conversationId: ConversationId): ConversationFacts | null {
  // As a text: two that say the same are the same.
  const facts = useClientState(({ conversations }) => JSON.stringify(conversations.find(({ id }) => id === conversationId) ?? null, FIELDS), '<ChatWindow>')
  return useMemo(() => JSON.parse(facts) as ConversationFacts | null, [facts])
}

/** Nothing else of a conversation is looked at, at any depth. */
const FIELDS = ['id', 'kind', 'title', 'avatarUrl', 'manualUnread', 'on']
