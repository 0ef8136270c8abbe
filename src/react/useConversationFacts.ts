'use client'
import { useRef } from 'react'
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
  const kept = useRef<ConversationFacts | null>(null)
  return useClientState(({ conversations }) => {
    const found = conversations.find(({ id }) => id === conversationId)
    if (found === undefined) return (kept.current = null)
    const { id, kind, title, avatarUrl, manualUnread } = found
    const { current } = kept
    if (current !== null && current.id === id && current.kind === kind && current.title === title && current.avatarUrl === avatarUrl && current.manualUnread.on === manualUnread.on) return current
    return (kept.current = { id, kind, title, avatarUrl, manualUnread })
  }, '<ChatWindow>')
}
