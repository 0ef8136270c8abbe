/** Pure: the part of what a wire hands over that a database can hold. In a field that the kit does not know a vendor's library may have put anything, such as a method. */

import { isTooDeep } from './nesting.js'

/** Fields of events that are looked into; of any other what cannot be stored is left out whole: a whole library may hang on it. */
const KNOWN: ReadonlySet<string> = new Set(['message', 'conversation', 'lastMessage', 'member', 'members', 'intervals', 'body', 'file', 'data', 'mentions', 'reaction', 'reactions'])
/** Of these an event has fewer; more is one that turns in a circle. */
const MOST_LEVELS = 6
const NOTHING = Symbol('nothing')

/** Null where all of it can be stored. Whether it still is an event has to be looked at. */
export function storablePart<T>(value: T): T | null {
  const part = partOf(() => value, true, 0)
  return part === value || part === NOTHING ? null : (part as T)
}

function partOf(read: () => unknown, isKnown: boolean, level: number): unknown {
  try {
    const value = read()
    if (isStorable(value)) return value
    return isKnown && level < MOST_LEVELS ? partInside(value, level + 1) : NOTHING
  } catch {
    // A getter or a proxy of the host's own.
    return NOTHING
  }
}

function partInside(value: unknown, level: number): unknown {
  if (Array.isArray(value)) {
    const parts = value.map((each) => partOf(() => each, true, level))
    return parts.includes(NOTHING) ? NOTHING : parts
  }
  if (typeof value !== 'object' || value === null) return NOTHING
  const fields = value as Readonly<Record<string, unknown>>
  const parts = Object.keys(fields).map((name) => [name, partOf(() => fields[name], KNOWN.has(name), level)] as const)
  return Object.fromEntries(parts.filter(([, part]) => part !== NOTHING))
}

function isStorable(value: unknown): boolean {
  try {
    structuredClone(value)
    return !isTooDeep(value)
  } catch {
    return false
  }
}
