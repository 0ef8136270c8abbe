/** What was deleted for me, and of which room was made since: history brings it again, and it stays hidden. */
import type { ConversationId, Message, MessageId } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'

/** Ids kept of one conversation; those that went last are the first to come again. */
const MOST_HIDDEN = 1_000

const keyOf = (id: ConversationId) => `hidden ${id}`

/** Of rows that go. */
export async function noteHidden(tx: StorageTx, id: ConversationId, gone: readonly Message[]): Promise<void> {
  const ids = gone.flatMap((row) => (row.hidden ? row.ids : []))
  if (ids.length > 0) await tx.meta.put(keyOf(id), [...new Set([...(await hiddenIds(tx, id)), ...ids])].slice(-MOST_HIDDEN))
}

/** Rows that come, as they stood here before. */
export async function stillHidden<Row extends Message>(tx: StorageTx, id: ConversationId, rows: readonly Row[]): Promise<readonly Row[]> {
  const hidden = new Set(await hiddenIds(tx, id))
  return hidden.size === 0 ? rows : rows.map((row) => (row.ids.some((each) => hidden.has(each)) ? { ...row, hidden: true } : row))
}

async function hiddenIds(tx: StorageTx, id: ConversationId): Promise<readonly MessageId[]> {
  return (await tx.meta.get<readonly MessageId[]>(keyOf(id))) ?? []
}
