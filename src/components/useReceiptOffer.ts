/** Whether the next message of a group may ask for receipts: where it is asked for at all, and the policy lets me. */
import type { ChatClient } from '../client/chatClient.js'
import type { Member } from '../model/index.js'
import type { ConversationFacts } from '../react/useConversationFacts.js'
import { countRequestsToday, mayRequestReceipt } from '../receipts/index.js'

export function useReceiptOffer(client: ChatClient, conversation: ConversationFacts, members: readonly Member[] | null): boolean {
  const { capabilities, policy, userId } = client
  if (conversation.kind !== 'group' || members === null) return false
  if (capabilities.groupReceipts !== 'onRequest' && policy.groupReceipts !== 'onRequest') return false
  const current = members.filter(({ intervals }) => (intervals.at(-1)?.leftAt ?? null) === null)
  const asked = client.messages(conversation.id).getSnapshot().messages.filter(({ from, receiptRequested }) => from === userId && receiptRequested)
  return mayRequestReceipt(
    {
      conversationId: conversation.id, kind: conversation.kind, role: current.find((member) => member.userId === userId)?.role ?? 'member', memberCount: current.length,
      requestedToday: countRequestsToday(asked.map(({ time }) => time), client.ports.clock.now()), supported: capabilities.groupReceipts !== 'none',
    },
    policy,
  )
}
