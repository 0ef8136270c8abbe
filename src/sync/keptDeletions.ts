/** What was deleted, for me or for good, and of which room was made since: with history it comes again, and is deleted still. One small row for each id, until its message is here. */
import type { ConversationId, Message, MessageId } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import { erased, isErased } from './erased.js'

/** Before these rows are taken away. */
export async function keepDeletions(tx: StorageTx, id: ConversationId, rows: readonly Message[]): Promise<void> {
  const kept = rows.filter(({ hidden }) => hidden).flatMap((row) => row.ids.map((each) => ({ segment: segmentOf(each), value: isErased(row) ? { erasedAt: row.deletedAt } : {} })))
  if (kept.length > 0) await tx.archive.put(id, kept)
}

/** New rows as they are to be stored: deleted where they were before. From then on their rows say so. */
export async function stillDeleted(tx: StorageTx, id: ConversationId, rows: readonly Message[]): Promise<readonly Message[]> {
  const ids = rows.flatMap((row) => row.ids)
  if (ids.length === 0) return rows
  const values = await tx.archive.get(id, ids.map(segmentOf))
  const kept = new Map(ids.flatMap((each, i) => (values[i] === undefined ? [] : [[each, values[i]]])))
  if (kept.size === 0) return rows
  await tx.archive.delete(id, [...kept.keys()].map(segmentOf))
  return rows.map((row) => deletedAs(row, row.ids.flatMap((each) => kept.get(each) ?? [])))
}

/** @param kept - what is said of it under its ids; what is torn of that says that it was deleted for me */
function deletedAs(row: Message, kept: readonly unknown[]): Message {
  const { erasedAt } = kept.reduce<{ readonly erasedAt?: unknown }>((all, each) => ({ ...all, ...(each as object) }), {})
  if (typeof erasedAt === 'number') return erased(row, erasedAt)
  return kept.length > 0 ? { ...row, hidden: true } : row
}

function segmentOf(id: MessageId): string {
  return `deleted ${id}`
}
