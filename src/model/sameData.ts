const MOST_LEVELS = 10

/**
 * Whether two values say the same: plain data by what it holds, in whatever order its keys stand, a field that is absent like one that is undefined.
 * A file read twice from a database is two objects of one size and type, and counts as the same; anything else that is not plain is the same only as itself.
 */
export function sameData(a: unknown, b: unknown, level = 0): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || level > MOST_LEVELS) return false
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((each, i) => sameData(each, b[i], level + 1))
  if (isPlain(a)) return isPlain(b) && sameFields(a, b, level + 1) && hasNoMore(b, a)
  if (a instanceof Blob) return b instanceof Blob && a.size === b.size && a.type === b.type
  return a instanceof Date && b instanceof Date && a.getTime() === b.getTime()
}

type Fields = Readonly<Record<string, unknown>>

function isPlain(value: object): value is Fields {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function sameFields(a: Fields, b: Fields, level: number): boolean {
  for (const key in a) if (!sameData(a[key], own(b, key), level)) return false
  return true
}

function hasNoMore(b: Fields, a: Fields): boolean {
  for (const key in b) if (b[key] !== undefined && !Object.hasOwn(a, key)) return false
  return true
}

function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined
}
