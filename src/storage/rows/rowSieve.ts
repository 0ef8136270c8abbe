/** Parts the rows that are put into a table: those that parse go in, the others into quarantine within the same transaction, so that one bad row never holds up a batch. */
import type { QuarantinedRow } from '../storage.js'
import type { RowFault } from './rowFaults.js'

export interface Sieved<T> {
  readonly good: readonly T[]
  readonly bad: readonly QuarantinedRow[]
}

export function sieve<T>(table: string, rows: readonly T[], faultOf: RowFault, now: () => number): Sieved<T> {
  const bad: QuarantinedRow[] = []
  const good = rows.filter((row) => {
    const reason = faultOf(row)
    if (reason !== null) bad.push({ table, reason, row, at: now() })
    return reason === null
  })
  return { good, bad }
}
