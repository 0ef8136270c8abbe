/** Whether the next message of a group may ask for receipts: where it is asked for at all, and the policy lets me. */
import type { ChatClient } from '../client/chatClient.js'
import type { Member } from '../model/index.js'
import type { ConversationFacts } from '../react/useConversationFacts.js'
import { laterParts } from './lazyParts.js'
import { useLazyModule } from './useLazyModule.js'

export function useReceiptOffer(client: ChatClient, { id, kind }: ConversationFacts, members: readonly Member[] | null): boolean {
  const isAsked = kind === 'group' && (client.capabilities.groupReceipts === 'onRequest' || client.policy.groupReceipts === 'onRequest')
  const later = useLazyModule(laterParts, isAsked)
  return isAsked && members !== null && later !== null && later.isReceiptOffered(client, id, members)
}
