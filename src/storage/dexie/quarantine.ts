/** Moves rows that did not parse out of the way, in a transaction of their own. */
import type { Dexie, Transaction } from 'dexie'
import { isRow, own } from '../rows/fields.js'
import type { QuarantinedRow } from '../storage.js'
import { createDexieTx } from './dexieTx.js'
import { TABLE_NAMES } from './schema.js'
import { tableAccess, type BadRow } from './tableAccess.js'

export async function quarantineRows(db: Dexie, bad: readonly BadRow[], now: () => number): Promise<void> {
  await db.transaction('rw', TABLE_NAMES, async (transaction) => {
    const { gaps } = createDexieTx(tableAccess(transaction, [], now))
    const torn = new Set(bad.flatMap(({ codec, key }) => (codec.table === 'gaps' ? (key as readonly string[])[0]! : [])))
    const missing = await Promise.all([...torn].map(async (id) => [id, await gaps.list(id)] as const))
    for (const { codec, key } of bad) {
      const row: unknown = await transaction.table(codec.table).get(key)
      // It may have been mended, or moved by another tab, since it was read.
      const reason = isRow(row) ? codec.fault(codec.decode(row)) : null
      if (reason === null) continue
      const entry: QuarantinedRow = { table: codec.table, reason, row, at: now() }
      await transaction.table('quarantine').add(entry)
      await transaction.table(codec.table).delete(key)
      if (codec.table === 'messages') await forgetFile(transaction, row)
    }
    // What is missing is missing still.
    for (const [id, all] of missing) await gaps.replace(id, all)
  })
}

/** Nobody can send it any more. A message that bears an id is of the wire, whatever its local id. */
async function forgetFile(transaction: Transaction, row: unknown): Promise<void> {
  if (!isRow(row)) return
  const [localId, ids] = [own(row, 'localId'), own(row, 'ids')]
  if (typeof localId === 'string' && !(Array.isArray(ids) && ids.length > 0)) await transaction.table('blobs').delete(localId)
}
