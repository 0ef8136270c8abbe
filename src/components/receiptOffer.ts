/** Whether the next message of a group may ask for receipts, as the policy has it. */
import type { ChatClient } from '../client/chatClient.js'
import type { ConversationId, Member } from '../model/index.js'
import { countRequestsToday, mayRequestReceipt } from '../receipts/requestRules.js'

export function isReceiptOffered(client: ChatClient, conversationId: ConversationId, members: readonly Member[]): boolean {
  const { capabilities, policy, ports, userId } = client
  const current = members.filter(({ intervals }) => (intervals.at(-1)?.leftAt ?? null) === null)
  const asked = client.messages(conversationId).getSnapshot().messages.filter(({ from, receiptRequested }) => from === userId && receiptRequested)
  return mayRequestReceipt(
    {
      conversationId, kind: 'group', role: current.find((member) => member.userId === userId)?.role ?? 'member', memberCount: current.length,
      requestedToday: countRequestsToday(asked.map(({ time }) => time), ports.clock.now()), supported: capabilities.groupReceipts !== 'none',
    },
    policy,
  )
}
