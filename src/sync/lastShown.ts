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

/** The same, or what the wire told of and did not bring. @param told - what was last before; that may be deleted by now */
export async function lastOf(tx: StorageTx, id: ConversationId, told: Message | null): Promise<Message | null> {
  const last = told && (await tx.messages.get(told))?.hidden ? null : told
  const shown = await lastShown(tx, id)
  return shown ? laterMessage(last, shown) : last
}
