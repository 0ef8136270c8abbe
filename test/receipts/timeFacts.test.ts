import fc from 'fast-check'
import { applyReceipt, emptyMemberState, joinMemberStates, timeOf, type MemberReceipt, type TimeFact } from 'readback'
import { describe, expect, it } from 'vitest'
import { joinTimes } from '../../src/receipts/timeFacts.js'
import { at } from './arbitraries.js'

const bytes = (facts: readonly TimeFact[]) => JSON.stringify(facts)
const single = (order: number, time: number): MemberReceipt => ({ kind: 'read', points: [at(order)], time })
const apply = (receipts: readonly MemberReceipt[]) => receipts.reduce(applyReceipt, emptyMemberState('ann'))

describe('times', () => {
  it('[RS1] wider ones of later times stand before narrower ones that end there too, in whatever order they come', () => {
    const facts = [{ from: null, to: at(9), time: 300 }, { from: at(1), to: at(9), time: 200 }, { from: at(3), to: at(9), time: 100 }, { from: null, to: at(12), time: 250 }]
    for (const order of [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]]) {
      const joined = order.reduce<readonly (typeof facts)[number][]>((all, n) => joinTimes(all, [facts[n]!]), [])
      // The last one covers all of the first, earlier.
      expect(joined).toEqual(facts.slice(1))
    }
  })

  it('[RS1] an earlier stretch over hundreds of single readings gives the same bytes whenever it comes', () => {
    const singles = Array.from({ length: 600 }, (_, n) => single(n, 1_000 + n))
    const stretch: MemberReceipt = { kind: 'read', ranges: [{ from: at(300), to: at(599) }], time: 5 }
    const [first, last] = [apply([stretch, ...singles]), apply([...singles, stretch])]
    expect(first.times.read).toHaveLength(301)
    expect(bytes(last.times.read)).toBe(bytes(first.times.read))
    const [x, y, z] = [apply(singles.slice(0, 450)), apply(singles.slice(450)), apply([stretch])]
    expect(joinMemberStates(joinMemberStates(x, y), z)).toEqual(joinMemberStates(x, joinMemberStates(y, z)))
    expect(joinMemberStates(z, joinMemberStates(y, x))).toEqual(last)
  })

  it('[RS1] hundreds that cover each other are the same one by one, all at once, in any order and any grouping', () => {
    const aFact = fc.tuple(fc.boolean(), fc.nat(900), fc.nat(40), fc.nat(2_000)).map(([isPrefix, order, length, time]): TimeFact => ({ from: isPrefix && order < 60 ? null : at(order), to: at(order + length), time }))
    const many = fc.array(aFact, { minLength: 700, maxLength: 900 })
    fc.assert(fc.property(many, fc.nat(600), fc.nat(300), (facts, first, second) => {
      const oneByOne = facts.reduce<readonly TimeFact[]>((all, fact) => joinTimes(all, [fact]), [])
      const [a, b, c] = [facts.slice(0, first), facts.slice(first, first + second), facts.slice(first + second)].map((part) => joinTimes([], part))
      const together = bytes(oneByOne)
      expect(bytes(joinTimes([], facts))).toBe(together)
      expect(bytes(joinTimes(joinTimes(a!, b!), c!))).toBe(together)
      expect(bytes(joinTimes(a!, joinTimes(c!, b!)))).toBe(together)
      expect(joinTimes(oneByOne, facts)).toBe(oneByOne)
      expect(joinTimes(oneByOne, oneByOne)).toBe(oneByOne)
    }), { numRuns: 15 })
  })

  it('[RS20] joining lets go of none, however many', () => {
    const singles = Array.from({ length: 1_200 }, (_, n) => single(n, 1_000 + n))
    const all = apply(singles)
    expect(all.times.read).toHaveLength(1_200)
    expect(timeOf(all, 'read', at(0))).toBe(1_000)
  })
})
