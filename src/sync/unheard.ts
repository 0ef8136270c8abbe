/**
 * Conversations that became known here, and of which nobody has told yet who read what before. A wire that replays receipts replays what it would have told this
 * device; of what the app makes known, or history brings, it told nothing. They are asked for once, by the leading tab, or with the next connect.
 */
import type { ConversationId } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'

/** How many there are, so that where there are none nobody looks for any. */
const COUNT_KEY = 'unheardReceipts'
const keyOf = (id: ConversationId) => `${COUNT_KEY} ${id}`

export async function noteUnheard(tx: StorageTx, id: ConversationId): Promise<void> {
  if (await tx.meta.get(keyOf(id))) return
  await tx.meta.put(keyOf(id), true)
  await tx.meta.put(COUNT_KEY, (await countOf(tx)) + 1)
}

/** @param among - default: all that are here */
export async function unheardOf(tx: StorageTx, among?: readonly ConversationId[]): Promise<ReadonlySet<ConversationId>> {
  if ((await countOf(tx)) === 0) return new Set()
  const ids = among ?? (await tx.conversations.list()).map(({ id }) => id)
  const marks = await Promise.all(ids.map((id) => tx.meta.get(keyOf(id))))
  return new Set(ids.filter((_, n) => marks[n]))
}

/** They were told, or never will be. */
export async function noteHeard(tx: StorageTx, heard: readonly ConversationId[]): Promise<void> {
  const noted = await unheardOf(tx, heard)
  if (noted.size === 0) return
  await Promise.all([...noted].map((id) => tx.meta.delete(keyOf(id))))
  const left = (await countOf(tx)) - noted.size
  await tx.meta.put(COUNT_KEY, Number.isFinite(left) ? Math.max(0, left) : (await unheardOf(tx)).size)
}

/** Where it is torn there may be any number. */
async function countOf(tx: StorageTx): Promise<number> {
  const count = await tx.meta.get<unknown>(COUNT_KEY)
  if (count === undefined) return 0
  return Number.isSafeInteger(count) && (count as number) >= 0 ? (count as number) : Infinity
}
