import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bitsOf, extendRoster, joinBits, readersOfBits } from '../../src/receipts/archive.js'

const aName = fc.integer({ min: 0, max: 40 }).map((n) => `u${n}`)
const names = fc.uniqueArray(aName, { maxLength: 30 })
const bytes = (bits: Uint8Array) => [...bits]

describe('reader bits', () => {
  it('[RS24] 500 readers of one message are 63 bytes', () => {
    const roster = extendRoster([], Array.from({ length: 500 }, (_, n) => `member-${n}`))
    expect(bitsOf(roster, roster)).toHaveLength(63)
    expect(readersOfBits(bitsOf(roster, roster), roster)).toEqual(roster)
    expect(bitsOf(roster, [])).toHaveLength(0)
  })

  it('[RS24] say who read, after any joining, also when the roster has grown since', () => {
    fc.assert(fc.property(names, names, names, names, (first, later, some, others) => {
      const early = extendRoster([], first)
      const roster = extendRoster(early, later)
      expect(roster.slice(0, early.length)).toEqual(early)
      const a = bitsOf(early, some)
      const b = bitsOf(roster, others)
      const expected = roster.filter((userId) => others.includes(userId) || (some.includes(userId) && early.includes(userId)))
      expect(readersOfBits(joinBits(a, b), roster)).toEqual(expected)
    }))
  })

  it('[RS24] give back the same bytes where nothing is added, also where they were cut short', () => {
    const three = new Uint8Array([3])
    expect(joinBits(three, new Uint8Array([1]))).toBe(three)
    expect(joinBits(three, new Uint8Array([1, 0]))).toBe(three)
    expect(bytes(joinBits(three, new Uint8Array([1, 1])))).toEqual([3, 1])
    expect(bytes(joinBits(new Uint8Array([]), new Uint8Array([1])))).toEqual([1])
  })

  it('[RS24] join in any order and any number of times', () => {
    const roster = extendRoster([], Array.from({ length: 41 }, (_, n) => `u${n}`))
    const bits = names.map((readers) => bitsOf(roster, readers))
    fc.assert(fc.property(bits, bits, bits, (a, b, c) => {
      expect(bytes(joinBits(joinBits(a, b), c))).toEqual(bytes(joinBits(a, joinBits(c, b))))
      expect(joinBits(a, a)).toBe(a)
      expect(joinBits(joinBits(a, b), b)).toEqual(joinBits(a, b))
    }))
  })

  it('[RS24] any one reader joins to any one other', () => {
    const roster = extendRoster([], Array.from({ length: 20 }, (_, n) => `u${n}`))
    for (const a of roster) for (const b of roster) expect(readersOfBits(joinBits(bitsOf(roster, [a]), bitsOf(roster, [b])), roster)).toEqual(roster.filter((one) => one === a || one === b))
    for (const one of roster) expect(readersOfBits(joinBits(bitsOf(roster, []), bitsOf(roster, [one])), roster)).toEqual([one])
  })

  it('[RS24] nobody new leaves the roster as it is', () => {
    const roster = extendRoster([], ['ann', 'bob', 'ann'])
    expect(roster).toEqual(['ann', 'bob'])
    expect(extendRoster(roster, ['bob'])).toBe(roster)
  })
})
