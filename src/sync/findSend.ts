import type { ConversationId, LocalId } from '../model/index.js'
import type { OutboxEntry, OutboxSend, StorageTx } from '../storage/index.js'

/** What is queued of a message to be sent. */
export async function findSend(tx: StorageTx, conversationId: ConversationId, localId: LocalId): Promise<OutboxSend | undefined> {
  const entries = await tx.outbox.list({ conversationId, lane: 'intent' })
  return entries.find((entry: OutboxEntry): entry is OutboxSend => entry.action === 'send' && entry.localId === localId)
}
