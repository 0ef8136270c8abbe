/**
 * Conversations that became known here, and of which nobody has told yet who read what before. A wire that replays receipts replays what it would have told this
 * device; of what the app makes known, or history brings, it told nothing. They are asked for once, by the leading tab, or with the next connect.
 */
import type { ConversationId } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'

/** Says that there are some, so that a connect looks for none where there are none. */
const ANY_KEY = 'unheardReceipts'
const keyOf = (id: ConversationId) => `${ANY_KEY} ${id}`

export async function noteUnheard(tx: StorageTx, id: ConversationId): Promise<void> {
  await tx.meta.put(keyOf(id), true)
  if (!(await tx.meta.get(ANY_KEY))) await tx.meta.put(ANY_KEY, true)
}

export async function unheardOf(tx: StorageTx): Promise<ReadonlySet<ConversationId>> {
  if (!(await tx.meta.get(ANY_KEY))) return new Set()
  const all = await tx.conversations.list()
  const marks = await Promise.all(all.map(({ id }) => tx.meta.get(keyOf(id))))
  return new Set(all.filter((_, n) => marks[n]).map(({ id }) => id))
}

/** They were told, or never will be. */
export async function noteHeard(tx: StorageTx, heard: readonly ConversationId[]): Promise<void> {
  await Promise.all(heard.map((id) => tx.meta.delete(keyOf(id))))
  if ((await unheardOf(tx)).size === 0) await tx.meta.delete(ANY_KEY)
}
