/**
 * Databases as released versions left them on people's devices: `golden/v<n>.json` holds the rows of version n as they lay in the database.
 * Until a version is released its file may grow: `metaDeeds.ts` makes the rows of conversations `k` and `g`, and those of `meta`.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { Dexie } from 'dexie'
import { IDBKeyRange } from 'fake-indexeddb'
import { openPlain, type FaultyFactory } from './faultyFactory.js'

const FOLDER = new URL('./golden/', import.meta.url)

/** Of the account that they belong to. */
export const GOLDEN_NAME = 'readback/me'

export interface Golden {
  readonly version: number
  readonly stores: Readonly<Record<string, string>>
  readonly rows: Readonly<Record<string, readonly unknown[]>>
}

export const GOLDEN: readonly Golden[] = readdirSync(FOLDER).sort().map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'), revive) as Golden)

/** JSON has no Infinity, where local echoes lie, and no files. */
function revive(_key: string, value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith('__Blob ')) return new Blob([value.slice(7)], { type: 'text/plain' })
  return value === '__Infinity' ? Infinity : value
}

export async function layGolden(factory: FaultyFactory, { version, stores, rows }: Golden): Promise<void> {
  const db = new Dexie(GOLDEN_NAME, { indexedDB: factory.plain, IDBKeyRange })
  db.version(version).stores(stores)
  await db.open()
  for (const [table, all] of Object.entries(rows)) await db.table(table).bulkPut([...all])
  db.close()
}

export async function dumpGolden(factory: FaultyFactory): Promise<{ version: number; rows: Record<string, unknown[]> }> {
  const database = await openPlain(factory, GOLDEN_NAME)
  const transaction = database.transaction([...database.objectStoreNames])
  const rows: Record<string, unknown[]> = {}
  for (const table of database.objectStoreNames) {
    rows[table] = await new Promise((resolve) => {
      const request = transaction.objectStore(table).getAll()
      request.onsuccess = () => resolve(request.result)
    })
  }
  database.close()
  return { version: database.version / 10, rows }
}
