/** Reads values that came over a wire: each is what it must be, or the frame is malformed. Only names written here are ever looked up, and new objects are made of them. */
import { isPoint, type Point } from '../model/index.js'

/** Longest id, title or emoji, characters. */
const MAX_NAME_LENGTH = 1_024

/** Latest instant that a Date can hold, epoch milliseconds. */
const MAX_TIME = 8.64e15

/** A value is not what the protocol says. Never leaves the decoder. */
export class Malformed extends Error {}

export type Fields = Readonly<Record<string, unknown>>

export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Malformed(`${what} is no object`)
  return value as Fields
}

export function listOf<T>(value: unknown, what: string, read: (one: unknown) => T): readonly T[] {
  if (!Array.isArray(value)) throw new Malformed(`${what} is no list`)
  return value.map(read)
}

/** Any text, also the empty one. */
export function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new Malformed(`${what} is no text`)
  return value
}

export function nameOf(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '' || value.length > MAX_NAME_LENGTH) throw new Malformed(`${what} is no name`)
  return value
}

export function flagOf(value: unknown, what: string): boolean {
  if (typeof value !== 'boolean') throw new Malformed(`${what} is neither true nor false`)
  return value
}

/** A safe integer ≥ 0. */
export function ordinalOf(value: unknown, what: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new Malformed(`${what} is no ordinal`)
  return (value as number) + 0
}

/** Epoch milliseconds. */
export function timeOf(value: unknown, what: string): number {
  if (typeof value !== 'number' || !(value >= 0 && value <= MAX_TIME)) throw new Malformed(`${what} is no time`)
  return value
}

/** A finite number ≥ 0: a size, a duration, an age. */
export function amountOf(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw new Malformed(`${what} is no amount`)
  return value
}

export function oneOf<T extends string>(value: unknown, what: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value)
  if (found === undefined) throw new Malformed(`${what} is none of ${choices.join(', ')}`)
  return found
}

export function pointOf(value: unknown, what: string): Point {
  if (!isPoint(value) || value.id.length > MAX_NAME_LENGTH) throw new Malformed(`${what} is no point`)
  return { epoch: value.epoch + 0, order: value.order + 0, id: value.id }
}

export function pointOrNull(value: unknown, what: string): Point | null {
  return value === null ? null : pointOf(value, what)
}

/** `{ [key]: read(value) }`, or nothing where the field is absent; null is the same, for that is how many languages write it. Spread into the object that is made. */
export function optional<Key extends string, T>(from: Fields, key: Key, read: (value: unknown, what: string) => T): { readonly [K in Key]?: T } {
  return from[key] === null ? {} : optionalOrNull(from, key, read)
}

/** The same, where null says something. */
export function optionalOrNull<Key extends string, T>(from: Fields, key: Key, read: (value: unknown, what: string) => T): { readonly [K in Key]?: T } {
  const value = from[key]
  return value === undefined ? {} : ({ [key]: read(value, key) } as { readonly [K in Key]?: T })
}
