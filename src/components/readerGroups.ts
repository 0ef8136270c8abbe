/** From pages of readers and the audience to the three groups of a list. Pure. */
import type { ReaderGroup } from '../locales/catalogue.js'
import type { UserId } from '../model/index.js'
import type { Tally } from '../receipts/index.js'
import type { Reader } from '../transport/index.js'

export const READER_GROUPS: readonly ReaderGroup[] = ['read', 'delivered', 'waiting']

export interface ReaderEntry {
  readonly userId: UserId
  readonly group: ReaderGroup
  readonly viewed: boolean
  /** Epoch milliseconds; null = unknown. */
  readonly time: number | null
  /** What they said with their receipt. */
  readonly content?: string
}

export type ReaderGroups = Readonly<Record<ReaderGroup, readonly ReaderEntry[]>>

/**
 * Who left after reading still counts as a reader; who left unread is in no group, as in the badge.
 * `all`: nobody is left who has not read, though some of them may only be counted. Then nobody waits, and nobody is named for it.
 */
export function groupReaders(readers: readonly Reader[], audience: readonly UserId[], complete: boolean, all = false): ReaderGroups {
  const present = new Set(audience)
  const reached = new Set(readers.map(({ userId }) => userId))
  const entries = readers.map(({ userId, kind, ...rest }): ReaderEntry => ({ ...rest, userId, group: kind === 'delivered' ? 'delivered' : 'read', viewed: kind === 'viewed' }))
  const read = entries.filter(({ group }) => group === 'read')
  if (all) return { read, delivered: [], waiting: [] }
  const delivered = entries.filter(({ group, userId }) => group === 'delivered' && present.has(userId))
  // Before all pages are there, nobody can be called unreached.
  const waiting = complete ? [...present].filter((userId) => !reached.has(userId)).map((userId): ReaderEntry => ({ userId, group: 'waiting', viewed: false, time: null })) : []
  return { read, delivered, waiting }
}

/** How many are in each group: what the badge says, also before the names are loaded. */
export function countGroups(groups: ReaderGroups, tally: Tally, complete: boolean): Readonly<Record<ReaderGroup, number>> {
  if (!tally.tracked) return { read: groups.read.length, delivered: groups.delivered.length, waiting: groups.waiting.length }
  const unread = Math.max(0, tally.of - tally.read)
  // Readers that were only counted are somewhere among the unread names.
  const delivered = Math.min(unread, complete ? groups.delivered.length : Math.max(0, tally.delivered - tally.read))
  return { read: tally.read, delivered, waiting: unread - delivered }
}
