/** Old receipt detail as bitmaps: one bit a member, by a roster that only grows, so that 500 readers of one message are 63 bytes. Joined by OR, counted by bits. */
import { comparePoints, type Point, type PointRange, type Progress, type UserId } from '../model/index.js'
import { toProgress } from './progress.js'

/** Who read one message: bit n is the n-th member of an {@link ArchiveRoster}. Trailing zero bytes may be missing. @public */
export type ReaderBits = Uint8Array

/** Members by number. Only ever appended to, else old bits would mean somebody else. @public */
export type ArchiveRoster = readonly UserId[]

/** The roster with everybody in it; itself when nobody is new. @public */
export function extendRoster(roster: ArchiveRoster, userIds: Iterable<UserId>): ArchiveRoster {
  const known = new Set(roster)
  const fresh = [...userIds].filter((userId) => !known.has(userId) && known.add(userId))
  return fresh.length === 0 ? roster : [...roster, ...fresh]
}

/** The bits of these readers. Who is not in the roster is not in the bits: extend it before. @public */
export function bitsOf(roster: ArchiveRoster, readers: Iterable<UserId>): ReaderBits {
  const wanted = new Set(readers)
  const bits = new Uint8Array(Math.ceil(roster.length / 8))
  roster.forEach((userId, index) => {
    if (wanted.has(userId)) bits[index >> 3] = (bits[index >> 3] as number) | (1 << (index & 7))
  })
  return withoutTail(bits)
}

/** Both together; `a` itself when `b` adds nothing. @public */
export function joinBits(a: ReaderBits, b: ReaderBits): ReaderBits {
  if (b.every((byte, index) => ((a[index] ?? 0) | byte) === (a[index] ?? 0))) return a
  const joined = new Uint8Array(Math.max(a.length, b.length))
  for (let index = 0; index < joined.length; index += 1) joined[index] = (a[index] ?? 0) | (b[index] ?? 0)
  return joined
}

/** How many readers. @public */
export function countBits(bits: ReaderBits): number {
  let count = 0
  for (let byte of bits) for (; byte !== 0; byte &= byte - 1) count += 1
  return count
}

/** Whether the member with this number is a reader. @public */
export function hasBit(bits: ReaderBits, index: number): boolean {
  return ((bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0
}

/** The readers, in roster order. @public */
export function readersOfBits(bits: ReaderBits, roster: ArchiveRoster): readonly UserId[] {
  return roster.filter((_userId, index) => hasBit(bits, index))
}

/** Stretches that a member's live state keeps; the oldest beyond go to the archive, message by message. @public */
export const MAX_LIVE_RANGES = 64

/**
 * Splits off the oldest stretches of a state that has too many. Both parts together are what it was: who reads the state must ask the archive too.
 * @returns `live` is the progress itself when nothing has to go
 * @public
 */
export function splitRanges(progress: Progress, most: number = MAX_LIVE_RANGES): { readonly live: Progress; readonly archived: readonly PointRange[] } {
  const over = progress.ranges.length - most
  if (over <= 0) return { live: progress, archived: [] }
  return { live: toProgress(progress.upTo, progress.ranges.slice(over)), archived: progress.ranges.slice(0, over) }
}

/** Whether archived stretches contain a point: which messages get a bit. @public */
export function isArchived(archived: readonly PointRange[], point: Point): boolean {
  return archived.some(({ from, to }) => comparePoints(from, point) <= 0 && comparePoints(point, to) <= 0)
}

function withoutTail(bits: ReaderBits): ReaderBits {
  let length = bits.length
  while (length > 0 && bits[length - 1] === 0) length -= 1
  return length === bits.length ? bits : bits.slice(0, length)
}
