/** Whether the next message of a group may ask for receipts, as the policy has it. */
import type { ChatClient } from '../client/chatClient.js'
import type { ConversationId, Member } from '../model/index.js'
import { nextRequest } from '../receipts/nextRequest.js'
import { mayRequestReceipt } from '../receipts/requestRules.js'

export function isReceiptOffered(client: ChatClient, id: ConversationId, members: readonly Member[]): boolean {
  const { capabilities, policy, ports, userId } = client
  const asked = client.messages(id).getSnapshot().messages.filter(({ receiptRequested }) => receiptRequested)
  const known = { me: userId, conversation: { id, kind: 'group' }, members, askedAt: asked.map(({ time }) => time), now: ports.clock.now() } as const
  return mayRequestReceipt(...nextRequest(known, capabilities, policy))
}
