import type { ConversationId, Message } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import { laterMessage } from './messageRows.js'

/** Rows looked at, from the newest, for one that may stand as the last message. */
const LAST_SHOWN_ROWS = 50

/** What the list of conversations says is last: of what is here and shown. */
export async function lastShown(tx: StorageTx, conversationId: ConversationId): Promise<Message | null> {
  const rows = [...(await tx.messages.page({ conversationId, limit: LAST_SHOWN_ROWS })), ...(await tx.messages.echoes(conversationId))]
  return rows.reduce<Message | null>((last, row) => laterMessage(last, row), null)
}
