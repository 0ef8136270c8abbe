import fc from 'fast-check'
import { bitsOf, countBits, coversPoint, extendRoster, hasBit, isArchived, joinBits, joinCount, MAX_LIVE_RANGES, readersOfBits, splitRanges, toProgress, type CountsAtLeast } from 'readback/core'
import { describe, expect, it } from 'vitest'
import { allPoints, aProgress, at } from './arbitraries.js'

const aName = fc.integer({ min: 0, max: 40 }).map((n) => `u${n}`)
const names = fc.uniqueArray(aName, { maxLength: 30 })
const bytes = (bits: Uint8Array) => [...bits]

describe('reader bits', () => {
  it('[RS24] 500 readers of one message are 63 bytes', () => {
    const roster = extendRoster([], Array.from({ length: 500 }, (_, n) => `member-${n}`))
    expect(bitsOf(roster, roster)).toHaveLength(63)
    expect(countBits(bitsOf(roster, roster))).toBe(500)
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
      expect(countBits(joinBits(a, b))).toBe(expected.length)
      expect(roster.every((userId, index) => hasBit(joinBits(a, b), index) === expected.includes(userId))).toBe(true)
    }))
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

  it('[RS24] nobody new leaves the roster as it is', () => {
    const roster = extendRoster([], ['ann', 'bob', 'ann'])
    expect(roster).toEqual(['ann', 'bob'])
    expect(extendRoster(roster, ['bob'])).toBe(roster)
  })
})

describe('splitRanges', () => {
  it('[RS24] what goes to the archive and what stays are together what it was', () => {
    fc.assert(fc.property(aProgress, fc.nat(4), (progress, most) => {
      const { live, archived } = splitRanges(progress, most)
      expect(live.ranges.length).toBeLessThanOrEqual(most)
      for (const point of allPoints) expect(coversPoint(live, point) || isArchived(archived, point)).toBe(coversPoint(progress, point))
    }))
  })

  it('[RS24] leaves a state with few stretches alone', () => {
    const progress = toProgress(null, Array.from({ length: MAX_LIVE_RANGES }, (_, n) => ({ from: at(2 * n), to: at(2 * n) })))
    expect(splitRanges(progress).live).toBe(progress)
  })
})

describe('joinCount', () => {
  it('[RS25] takes the greatest in any order, and nothing that is no count', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.integer({ min: -5, max: 500 }), fc.double(), fc.constantFrom(NaN, Infinity, -0, 2 ** 53))), (all) => {
      const joined = all.reduce<CountsAtLeast>((counts, n) => joinCount(counts, { id: 'm', n }), new Map())
      expect(joined.get('m') ?? 0).toBe(Math.max(0, ...all.filter((n) => Number.isSafeInteger(n))))
    }))
    const counts = joinCount(new Map(), { id: 'm', n: 3 })
    expect(joinCount(counts, { id: 'm', n: 3 })).toBe(counts)
  })
})
