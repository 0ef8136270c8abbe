/** Old receipt detail as bitmaps: one bit a member, by a roster that only grows, so that 500 readers of one message are 63 bytes. Joined by OR, counted by bits. */
import type { UserId } from '../model/index.js'

/** Who read one message: bit n is the n-th member of an {@link ArchiveRoster}. Trailing zero bytes may be missing. */
export type ReaderBits = Uint8Array

/** Members by number. Only ever appended to, else old bits would mean somebody else. */
export type ArchiveRoster = readonly UserId[]

/** The roster with everybody in it; itself when nobody is new. */
export function extendRoster(roster: ArchiveRoster, userIds: Iterable<UserId>): ArchiveRoster {
  const known = new Set(roster)
  const fresh = [...userIds].filter((userId) => !known.has(userId) && known.add(userId))
  return fresh.length === 0 ? roster : [...roster, ...fresh]
}

/** The bits of these readers. Who is not in the roster is not in the bits: extend it before. */
export function bitsOf(roster: ArchiveRoster, readers: Iterable<UserId>): ReaderBits {
  const wanted = new Set(readers)
  const bits = new Uint8Array(Math.ceil(roster.length / 8))
  roster.forEach((userId, index) => {
    if (wanted.has(userId)) bits[index >> 3] = (bits[index >> 3] as number) | (1 << (index & 7))
  })
  return withoutTail(bits)
}

/** Both together; `a` itself when `b` adds nothing. */
export function joinBits(a: ReaderBits, b: ReaderBits): ReaderBits {
  if (b.every((byte, index) => ((a[index] ?? 0) | byte) === (a[index] ?? 0))) return a
  const joined = new Uint8Array(Math.max(a.length, b.length))
  for (let index = 0; index < joined.length; index += 1) joined[index] = (a[index] ?? 0) | (b[index] ?? 0)
  return joined
}

/** Whether the member with this number is a reader. */
function hasBit(bits: ReaderBits, index: number): boolean {
  return ((bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0
}

/** The readers, in roster order. */
export function readersOfBits(bits: ReaderBits, roster: ArchiveRoster): readonly UserId[] {
  return roster.filter((_userId, index) => hasBit(bits, index))
}

function withoutTail(bits: ReaderBits): ReaderBits {
  let length = bits.length
  while (length > 0 && bits[length - 1] === 0) length -= 1
  return length === bits.length ? bits : bits.slice(0, length)
}
