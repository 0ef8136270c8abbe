/**
 * Checks of single fields of a row that comes from a wire or a database, where anything may be missing, of another type, or named `__proto__`.
 * Only own fields count, and nothing is ever assigned to a row that is checked.
 */

export type Row = Readonly<Record<string, unknown>>

/** Whether one field's value will do. */
export type FieldCheck = (value: unknown) => boolean

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The row's own field, else undefined. */
export function own(row: Row, name: string): unknown {
  return Object.hasOwn(row, name) ? row[name] : undefined
}

export const isText: FieldCheck = (value) => typeof value === 'string'
export const isFlag: FieldCheck = (value) => typeof value === 'boolean'
export const isNumber: FieldCheck = (value) => Number.isFinite(value)
export const isCount: FieldCheck = (value) => Number.isSafeInteger(value) && (value as number) >= 0

export function optional(check: FieldCheck): FieldCheck {
  return (value) => value === undefined || check(value)
}

export function nullable(check: FieldCheck): FieldCheck {
  return (value) => value === null || check(value)
}

/** Arrays with holes are refused: a hole is `undefined`, which no element check takes. */
export function listOf(check: FieldCheck): FieldCheck {
  return (value) => Array.isArray(value) && Array.from(value as readonly unknown[]).every(check)
}

export function oneOf(...values: readonly unknown[]): FieldCheck {
  return (value) => values.includes(value)
}

export function shape(fields: Readonly<Record<string, FieldCheck>>): FieldCheck {
  return (value) => faultOf(value, fields) === null
}

/** Why `value` is no row with these fields, in words for `diagnostics()`; null when it is one. Unknown fields are welcome. */
export function faultOf(value: unknown, fields: Readonly<Record<string, FieldCheck>>): string | null {
  if (!isRow(value)) return 'not an object'
  for (const [name, check] of Object.entries(fields)) {
    if (!check(own(value, name))) return `${name} is ${describe(own(value, name))}`
  }
  return null
}

/** The kind of value only: a row's content has no place in a log. */
function describe(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an unfit list'
  return typeof value === 'number' ? `the number ${value}` : `an unfit ${typeof value}`
}
