/** Whether the next message of a group may ask for receipts: where it is asked for at all, and the policy lets me. */
import { useEffect, useState } from 'react'
import type { ChatClient } from '../client/chatClient.js'
import type { Member } from '../model/index.js'
import type { ConversationFacts } from '../react/useConversationFacts.js'
import { requestRules } from './lazyParts.js'

export function useReceiptOffer(client: ChatClient, conversation: ConversationFacts, members: readonly Member[] | null): boolean {
  const { capabilities, policy, userId } = client
  const [rules, arrived] = useState(() => requestRules.now())
  const isAsked = conversation.kind === 'group' && (capabilities.groupReceipts === 'onRequest' || policy.groupReceipts === 'onRequest')
  useEffect(() => {
    if (!isAsked || rules !== null) return
    let wanted = true
    requestRules.load().then((here) => wanted && arrived(here), () => {})
    return () => {
      wanted = false
    }
  }, [isAsked, rules])
  if (!isAsked || rules === null || members === null) return false
  const current = members.filter(({ intervals }) => (intervals.at(-1)?.leftAt ?? null) === null)
  const asked = client.messages(conversation.id).getSnapshot().messages.filter(({ from, receiptRequested }) => from === userId && receiptRequested)
  return rules.mayRequestReceipt(
    {
      conversationId: conversation.id, kind: conversation.kind, role: current.find((member) => member.userId === userId)?.role ?? 'member', memberCount: current.length,
      requestedToday: rules.countRequestsToday(asked.map(({ time }) => time), client.ports.clock.now()), supported: capabilities.groupReceipts !== 'none',
    },
    policy,
  )
}
