'use client'
import { useSyncExternalStore } from 'react'
import type { ConversationId, UserId } from '../model/index.js'
import { useClient } from './clientContext.js'
import { sharedSubscription } from './sharedSubscription.js'

const NOBODY: readonly UserId[] = []

/** Who is typing in a conversation now, me excluded. @public */
export function useTyping(conversationId: ConversationId): readonly UserId[] {
  const client = useClient('useTyping()')
  return useSyncExternalStore(sharedSubscription(client), () => client.getTyping(conversationId), () => NOBODY)
}
