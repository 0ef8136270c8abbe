/** Parts the rows that are put into a table: those that parse go in, the others into quarantine within the same transaction. */
import type { QuarantinedRow } from '../storage.js'
import type { RowFault } from './rowFaults.js'

export type RowSieve<Context> = <T>(table: string, rows: readonly T[], faultOf: RowFault, context: Context) => T[]

export function rowSieve<Context>(now: () => number, quarantine: (rows: readonly QuarantinedRow[], context: Context) => void): RowSieve<Context> {
  return (table, rows, faultOf, context) => {
    const good: (typeof rows)[number][] = []
    const bad: QuarantinedRow[] = []
    for (const row of rows) {
      const copy = structuredClone(row)
      const reason = faultOf(copy)
      if (reason === null) good.push(copy)
      else bad.push({ table, reason, row: copy, at: now() })
    }
    if (bad.length > 0) quarantine(bad, context)
    return good
  }
}
