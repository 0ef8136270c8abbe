'use client'
import { useCallback, useSyncExternalStore } from 'react'
import type { ConversationId, UserId } from '../model/index.js'
import { useClient } from './clientContext.js'

const NOBODY: readonly UserId[] = []

/** Who is typing in a conversation now, me excluded. @public */
export function useTyping(conversationId: ConversationId): readonly UserId[] {
  const client = useClient('useTyping()')
  const subscribe = useCallback((listener: () => void) => client.subscribe(listener), [client])
  return useSyncExternalStore(subscribe, () => client.getTyping(conversationId), () => NOBODY)
}
