import fc from 'fast-check'
import { applyReceipt, comparePoints, emptyMemberState, hasReached, joinMemberStates, timeOf, type MemberReceipt, type Point } from 'readback'
import { describe, expect, it } from 'vitest'
import { allPoints, aReceipt, at, stateOf } from './arbitraries.js'

const apply = (receipts: readonly MemberReceipt[]) => receipts.reduce(applyReceipt, stateOf('bob'))

describe('applyReceipt', () => {
  it('[RS1] leaves fields of a later version where they are', () => {
    const later = { ...stateOf('ann'), seen: { at: 5 } }
    expect(applyReceipt(later, { kind: 'read', upTo: at(3) })).toEqual({ ...later, read: { upTo: at(3), ranges: [] } })
    expect(applyReceipt(later, { kind: 'viewed', upTo: at(3), time: 4 })).toMatchObject({ seen: { at: 5 }, times: { viewed: [{ from: null, to: at(3), time: 4 }] } })
  })

  it('[RS1] any order and any repetition of the same receipts gives the same bytes, times included', () => {
    fc.assert(
      fc.property(fc.array(aReceipt, { maxLength: 6 }).chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: 2 * list.length }))), ([list, shuffled]) => {
        expect(JSON.stringify(apply(shuffled))).toBe(JSON.stringify(apply(list)))
      }),
    )
  })

  it('[RS3] returns the same object when nothing moved', () => {
    const state = apply([{ kind: 'read', upTo: at(5), time: 100 }])
    expect(applyReceipt(state, { kind: 'read', upTo: at(4), time: 200 })).toBe(state)
    expect(applyReceipt(state, { kind: 'read', points: [at(2)] })).toBe(state)
    expect(applyReceipt(state, { kind: 'delivered', upTo: at(1) })).not.toBe(state)
  })

  it('[RS4] the shape decides: points are single messages, upTo is everything before', () => {
    const points = apply([{ kind: 'read', points: [at(3), at(5)] }])
    expect([1, 3, 4, 5].map((order) => hasReached(points, 'read', at(order)))).toEqual([false, true, false, true])
    const prefix = apply([{ kind: 'read', upTo: at(3) }])
    expect([1, 3, 4].map((order) => hasReached(prefix, 'read', at(order)))).toEqual([true, true, false])
  })
})

describe('joinMemberStates', () => {
  it('[RS1] is commutative, associative and idempotent, and agrees with applying the receipts one by one', () => {
    const several = fc.array(aReceipt, { maxLength: 4 })
    fc.assert(
      fc.property(several, several, several, (a, b, c) => {
        const [sa, sb, sc] = [apply(a), apply(b), apply(c)]
        expect(joinMemberStates(sa, sb)).toEqual(joinMemberStates(sb, sa))
        expect(joinMemberStates(joinMemberStates(sa, sb), sc)).toEqual(joinMemberStates(sa, joinMemberStates(sb, sc)))
        expect(joinMemberStates(sa, sa)).toBe(sa)
        expect(joinMemberStates(sa, sb)).toEqual(apply([...a, ...b]))
      }),
    )
  })
})

describe('hasReached', () => {
  it('[RS5] viewed implies read, and read implies delivered, without an event of their own', () => {
    const state = apply([{ kind: 'viewed', points: [at(4)] }, { kind: 'read', upTo: at(2) }])
    expect((['delivered', 'read', 'viewed'] as const).map((kind) => [1, 4, 5].map((order) => hasReached(state, kind, at(order))))).toEqual([
      [true, true, false],
      [true, true, false],
      [false, true, false],
    ])
  })
})

describe('timeOf', () => {
  it('[RS6] viewing says when something was read, and nothing of when it came', () => {
    const seen = applyReceipt(applyReceipt(emptyMemberState('ann'), { kind: 'delivered', points: [at(3)], time: 200 }), { kind: 'viewed', points: [at(3)], time: 100 })
    expect([timeOf(seen, 'viewed', at(3)), timeOf(seen, 'read', at(3)), timeOf(seen, 'delivered', at(3))]).toEqual([100, 100, 200])
  })

  it('[RS6] is the earliest fact that covers the message, and unknown without one', () => {
    const state = apply([{ kind: 'read', upTo: at(5), time: 300 }, { kind: 'read', points: [at(3)], time: 100 }, { kind: 'read', upTo: at(9) }])
    expect([3, 4, 9].map((order) => timeOf(state, 'read', at(order)))).toEqual([100, 300, null])
    expect(timeOf(state, 'delivered', at(3))).toBeNull()
  })

  it('[RS6] a later time for what was known earlier changes nothing', () => {
    const state = apply([{ kind: 'read', upTo: at(5), time: 100 }])
    expect(applyReceipt(state, { kind: 'read', upTo: at(5), time: 900 })).toBe(state)
    expect(timeOf(applyReceipt(state, { kind: 'read', upTo: at(6), time: 50 }), 'read', at(5))).toBe(50)
  })

  it('[RS6] agrees with looking through every receipt ever applied', () => {
    const covers = (receipt: MemberReceipt, point: Point): boolean =>
      Boolean(receipt.upTo && comparePoints(point, receipt.upTo) <= 0) ||
      (receipt.ranges ?? []).some(({ from, to }) => comparePoints(from, point) <= 0 && comparePoints(point, to) <= 0) ||
      (receipt.points ?? []).some((each) => comparePoints(each, point) === 0)
    fc.assert(
      fc.property(fc.array(aReceipt, { maxLength: 6 }), (receipts) => {
        const state = apply(receipts)
        for (const point of allPoints) {
          const times = receipts.filter(({ kind, time }) => kind !== 'delivered' && time !== undefined).filter((receipt) => covers(receipt, point)).map(({ time }) => time as number)
          expect(timeOf(state, 'read', point)).toBe(times.length === 0 ? null : Math.min(...times))
        }
      }),
    )
  })
})
