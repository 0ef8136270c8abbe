/** Conversations of which a message came first: nobody has said yet whether they are groups. */
import type { ConversationId } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'

const keyOf = (id: ConversationId) => `guessedKind ${id}`

export async function noteGuess(tx: StorageTx, id: ConversationId): Promise<void> {
  await tx.meta.put(keyOf(id), true)
}

export async function isGuess(tx: StorageTx, id: ConversationId): Promise<boolean> {
  return (await tx.meta.get<unknown>(keyOf(id))) !== undefined
}

/** Somebody has said it. Returns whether it was a guess. */
export async function endGuess(tx: StorageTx, id: ConversationId): Promise<boolean> {
  const wasGuess = await isGuess(tx, id)
  if (wasGuess) await tx.meta.delete(keyOf(id))
  return wasGuess
}
