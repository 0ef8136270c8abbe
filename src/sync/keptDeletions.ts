/**
 * What was deleted, for me or for good, and of which room was made since: with history it comes again, and is deleted still. One small row for each id, until its message is here.
 * Who was only counted to have read it is counted still: the wire may never say it again.
 */
import type { ConversationId, Message, MessageId } from '../model/index.js'
import { isCount } from '../storage/rows/fields.js'
import type { ArchiveRow, StorageTx } from '../storage/index.js'
import { erased, isErased } from './erased.js'

/** Before these rows are taken away. */
export async function keepDeletions(tx: StorageTx, id: ConversationId, rows: readonly Message[]): Promise<void> {
  const kept = rows.flatMap((row) => row.ids.flatMap((each): ArchiveRow[] => [
    ...(row.hidden ? [{ segment: segmentOf(each), value: isErased(row) ? { erasedAt: row.deletedAt } : {} }] : []),
    ...(row.readCount ? [{ segment: countOf(each), value: row.readCount }] : []),
  ]))
  if (kept.length > 0) await tx.archive.put(id, kept)
}

/** New rows as they are to be stored: deleted where they were before, and with those who were counted. From then on their rows say so. */
export async function stillDeleted(tx: StorageTx, id: ConversationId, rows: readonly Message[]): Promise<readonly Message[]> {
  const segments = rows.flatMap((row) => row.ids.flatMap((each) => [segmentOf(each), countOf(each)]))
  if (segments.length === 0) return rows
  const values = await tx.archive.get(id, segments)
  const kept = new Map(segments.flatMap((each, i) => (values[i] === undefined ? [] : [[each, values[i]]])))
  if (kept.size === 0) return rows
  await tx.archive.delete(id, [...kept.keys()])
  const of = (row: Message, name: (id: MessageId) => string) => row.ids.flatMap((each) => kept.get(name(each)) ?? [])
  return rows.map((row) => deletedAs(countedAs(row, of(row, countOf)), of(row, segmentOf)))
}

/** What is torn of it counts nobody. */
function countedAs(row: Message, counts: readonly unknown[]): Message {
  const readCount = Math.max(row.readCount ?? 0, ...counts.filter((each): each is number => isCount(each)))
  return readCount > 0 ? { ...row, readCount } : row
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

function countOf(id: MessageId): string {
  return `counted ${id}`
}
