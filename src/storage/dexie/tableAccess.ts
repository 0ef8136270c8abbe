/** Reads and writes rows of one table inside a transaction through a codec. Bad rows are noted when read, and put into quarantine when written. */
import type { Table, Transaction } from 'dexie'
import { isRow } from '../rows/fields.js'
import { sieve } from '../rows/rowSieve.js'
import type { QuarantinedRow } from '../storage.js'
import type { RowCodec } from './rowCodec.js'
import type { TableName } from './schema.js'

/** A row that did not parse when it was read. It is moved to quarantine after the transaction, which may be a read. */
export interface BadRow {
  readonly codec: Pick<RowCodec<never>, 'table' | 'decode' | 'fault'>
  readonly key: IDBValidKey
  /** What is going to lie in quarantine. */
  readonly entry: QuarantinedRow
}

export interface TableAccess {
  table(name: TableName): Table<unknown, IDBValidKey>
  one<T>(codec: RowCodec<T>, row: unknown): T | undefined
  many<T>(codec: RowCodec<T>, rows: readonly unknown[]): T[]
  put<T>(codec: RowCodec<T>, values: readonly T[]): Promise<unknown>
  /** Those that did not parse when this transaction read them. */
  readonly bad: readonly BadRow[]
}

export function tableAccess(transaction: Transaction, bad: BadRow[], now: () => number): TableAccess {
  // Bound to the transaction, so that no call can slip out of it.
  const table = (name: TableName) => transaction.table(name) as Table<unknown, IDBValidKey>
  function one<T>(codec: RowCodec<T>, row: unknown): T | undefined {
    if (!isRow(row)) return undefined
    const value = codec.decode(row)
    const reason = codec.fault(value)
    if (reason === null) return value as T
    bad.push({ codec, key: codec.keyOf(row), entry: { table: codec.table, reason, row, at: now() } })
    return undefined
  }
  return {
    table,
    one,
    bad,
    many: (codec, rows) => rows.flatMap((row) => one(codec, row) ?? []),
    async put(codec, values) {
      const { good, bad: refused } = sieve(codec.table, values, codec.fault, now)
      if (refused.length > 0) await table('quarantine').bulkAdd(refused)
      if (good.length > 0) await table(codec.table).bulkPut(good.map((value) => codec.encode(value)))
    },
  }
}
