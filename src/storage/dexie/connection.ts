/** One live connection to the database: opened once, lost at most once, never opened again. */
import type { Dexie } from 'dexie'
import { LOST_KEY } from '../lostKey.js'
import { createDatabase } from './schema.js'
import { trackFactory } from './trackedFactory.js'

export type Durability = 'strict' | 'relaxed'

export interface Connection {
  readonly db: Dexie
  /** Written by newer code: only to be read. */
  readonly isNewer: boolean
  /** For the next readwrite transaction. Write transactions of one storage are begun one at a time, so it cannot reach another one. */
  setDurability(durability: Durability): void
  /** Transactions that have begun still finish. */
  close(): void
}

export interface ConnectionOptions {
  readonly name: string
  readonly indexedDB: IDBFactory
  readonly IDBKeyRange: typeof IDBKeyRange
  /** The browser closed it (site data cleared, crash of the database process), or another tab wants to upgrade or delete it. */
  readonly onLost: () => void
}

export async function openConnection({ name, indexedDB, IDBKeyRange, onLost }: ConnectionOptions): Promise<Connection> {
  const factory = trackFactory(indexedDB)
  const db = createDatabase(name, { indexedDB: factory.indexedDB, IDBKeyRange })
  const setDurability = durabilityOf(db)
  let isOpen = false
  let isOver = false
  const end = () => {
    isOver = true
    db.close()
    factory.retire()
  }
  const lose = () => {
    if (isOver || !isOpen) return
    end()
    onLost()
  }
  // Answering false keeps Dexie's own listener, which writes to the console, from running.
  db.on('versionchange', () => {
    lose()
    return false
  })
  db.on('blocked', () => false)
  // Later, because Dexie also closes just before it opens a handle of its own: that one is to be closed too.
  db.on('close', () => queueMicrotask(lose))
  // In the transaction that makes it, so that whoever looks first knows, also after a crash.
  db.on('populate', (transaction) => {
    const reason = factory.lossReason()
    if (reason !== null) void transaction.table('meta').put({ key: LOST_KEY, value: reason })
  })
  try {
    await db.open()
  } catch (error) {
    end()
    throw error
  }
  isOpen = true
  return { db, isNewer: factory.isNewer(), setDurability, close: end }
}

/**
 * Dexie's own option is for the whole database, and `strict` costs about three times as much as `relaxed`.
 * A layer under Dexie sees each transaction as it is begun and names its durability there.
 */
function durabilityOf(db: Dexie): (durability: Durability) => void {
  let next: Durability = 'relaxed'
  db.use({
    stack: 'dbcore',
    name: 'readback/durability',
    create: (core) => ({
      ...core,
      transaction: (stores, mode, options) => core.transaction(stores, mode, mode === 'readwrite' ? { ...options, durability: next } : options),
    }),
  })
  return (durability) => {
    next = durability
  }
}
