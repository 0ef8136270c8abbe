/**
 * The tables, by schema version. A version that has been released is never changed: a later one is added below it, with its upgrade.
 * Key paths reach into the rows themselves (`at.epoch`), so that rows need no second copy of what they are found by.
 */
import { Dexie, type DexieOptions } from 'dexie'

/** Greatest version that this code knows. A database with a greater one is only read. */
export const SCHEMA_VERSION = 1

/** Place of a message in its conversation; local echoes come after everything that has a point. */
export const BY_PLACE = '[conversationId+at.epoch+at.order+at.id]'

const VERSION_1 = {
  messages: `[conversationId+from+localId], ${BY_PLACE}, *ids`,
  conversations: 'id',
  members: '[conversationId+userId]',
  readStates: '[conversationId+memberId]',
  ownStates: 'conversationId',
  outbox: '++seq, conversationId, lane',
  held: 'key, conversationId',
  gaps: '[conversationId+n]',
  blobs: 'key, conversationId',
  archive: '[conversationId+segment]',
  quarantine: '++',
  meta: 'key',
} as const

export type TableName = keyof typeof VERSION_1

export const TABLE_NAMES = Object.keys(VERSION_1) as TableName[]

/** The database, not yet open. It closes itself for nobody and opens itself for nobody: the connection decides. */
export function createDatabase(name: string, options: Pick<DexieOptions, 'indexedDB' | 'IDBKeyRange'>): Dexie {
  const db = new Dexie(name, { ...options, autoOpen: false, cache: 'disabled' })
  // Nobody queries live here: noting what each write touched, and telling every tab of it, is work for no listener.
  db.unuse({ stack: 'dbcore', name: 'Observability' })
  db.version(SCHEMA_VERSION).stores(VERSION_1)
  return db
}
