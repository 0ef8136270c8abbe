'use client'
import { useEffect, useState } from 'react'
import type { ChatClient } from '../client/chatClient.js'
import type { ConversationId, Member } from '../model/index.js'
import { useClient } from './clientContext.js'
import { useClientState } from './useClientState.js'

/** Everybody who is or was in a conversation; null until known. Follows who joins and who leaves. @public */
export function useMembers(conversationId: ConversationId): readonly Member[] | null {
  const client = useClient('useMembers()')
  const known = useClientState((state) => {
    const conversation = state.conversations.find(({ id }) => id === conversationId)
    return conversation === undefined ? 'unknown' : conversation.rosterComplete ? 'complete' : 'partial'
  }, 'useMembers()')
  const changes = useClientState(({ rosters }) => rosters.get(conversationId) ?? 0, 'useMembers()')
  const [members, setMembers] = useState<{ readonly from: ChatClient; readonly of: ConversationId; readonly list: readonly Member[] } | null>(null)
  useEffect(() => {
    if (known === 'unknown') return
    let wanted = true
    client.getMembers(conversationId).then(
      (list) => {
        if (wanted) setMembers({ from: client, of: conversationId, list })
      },
      // Storage that cannot answer shows itself in the client's state; names then stay ids.
      () => {},
    )
    return () => {
      wanted = false
    }
  }, [client, conversationId, known, changes])
  return members?.from === client && members.of === conversationId ? members.list : null
}
