import type { ConversationId, Message, Point } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import { laterMessage } from './messageRows.js'

/** Rows looked at, from the newest, for one that may stand as the last message: mostly the first few have one. */
const LAST_SHOWN_ROWS = [50, 500, 1_500]

/** What the list of conversations says is last: of what is here and shown. */
export async function lastShown(tx: StorageTx, conversationId: ConversationId): Promise<Message | null> {
  const echoes = await tx.messages.echoes(conversationId)
  let before: Point | null = null
  for (const limit of LAST_SHOWN_ROWS) {
    const rows: readonly Message[] = await tx.messages.page({ conversationId, ...(before && { before }), limit })
    const last = [...rows, ...echoes].reduce<Message | null>((later, row) => laterMessage(later, row), null)
    if (last || rows.length < limit) return last
    before = rows[0]!.at
  }
  return null
}

/** The same, or what the wire told of and did not bring. @param told - what was last before; that may be deleted by now */
export async function lastOf(tx: StorageTx, id: ConversationId, told: Message | null): Promise<Message | null> {
  const last = told && (await tx.messages.get(told))?.hidden ? null : told
  const shown = await lastShown(tx, id)
  return shown ? laterMessage(last, shown) : last
}
