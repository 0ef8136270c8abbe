/** How a value becomes a row and comes back. Unknown fields of the value go along. */
import type { Row } from '../rows/fields.js'
import type { RowFault } from '../rows/rowFaults.js'
import type { TableName } from './schema.js'

export interface RowCodec<T> {
  readonly table: TableName
  encode(value: T): object
  /** The value again, not yet checked. Must take any object. */
  decode(row: Row): unknown
  keyOf(row: Row): IDBValidKey
  /** Why the decoded value is none; null when it is one. */
  readonly fault: RowFault
}
