import { applyReceipt, emptyMemberState, timeOf, type MemberState } from 'readback'
import { describe, expect, it } from 'vitest'
import { joinTimes, MAX_TIMES } from '../../src/receipts/timeFacts.js'
import { at } from './arbitraries.js'

const read = (state: MemberState, order: number, time: number) => applyReceipt(state, { kind: 'read', points: [at(order)], time })

describe('times', () => {
  const many = Array.from({ length: MAX_TIMES + 101 }, (_, n) => n)
  const all = many.reduce((state, n) => read(state, n, 1_000 + n), emptyMemberState('ann'))

  it('[RS20] of too many readings those of the oldest messages are let go of, and nobody who read', () => {
    expect(all.times.read).toHaveLength(MAX_TIMES)
    expect([timeOf(all, 'read', at(100)), timeOf(all, 'read', at(101)), timeOf(all, 'read', at(MAX_TIMES + 100))]).toEqual([null, 1_101, 1_000 + MAX_TIMES + 100])
    expect(all.read.ranges).toHaveLength(many.length)
  })

  it('[RS20] the same whether they come from the oldest, from the newest or from neither', () => {
    const mixed = many.map((n) => (n * 7) % many.length)
    expect(mixed.reduce((state, n) => read(state, n, 1_000 + n), emptyMemberState('ann'))).toEqual(all)
    expect(many.toReversed().reduce((state, n) => read(state, n, 1_000 + n), emptyMemberState('ann'))).toEqual(all)
  })

  it('[RS1] wider ones of later times stand before narrower ones that end there too, in whatever order they come', () => {
    const facts = [{ from: null, to: at(9), time: 300 }, { from: at(1), to: at(9), time: 200 }, { from: at(3), to: at(9), time: 100 }, { from: null, to: at(12), time: 250 }]
    for (const order of [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]]) {
      const joined = order.reduce<readonly (typeof facts)[number][]>((all, n) => joinTimes(all, [facts[n]!]), [])
      // The last one covers all of the first, earlier.
      expect(joined).toEqual(facts.slice(1))
    }
  })

  it('[RS3] a time that was let go of moves nothing when it comes again', () => {
    expect(read(all, 100, 1_100)).toBe(all)
  })

  it('[RS6] an earlier time of what is kept still takes its place', () => {
    expect(timeOf(read(all, 300, 7), 'read', at(300))).toBe(7)
    expect(read(all, 300, 7).times.read).toHaveLength(MAX_TIMES)
    const whole = applyReceipt(all, { kind: 'read', upTo: at(MAX_TIMES + 100), time: 3 })
    expect(whole.times.read).toEqual([{ from: null, to: at(MAX_TIMES + 100), time: 3 }])
  })
})
