import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyReceipt, emptyMemberState, joinMemberStates, type MemberReceipt, type MemberState, type Point } from 'readback'

const RUNS = Number(process.env['READBACK_RUNS'] ?? 1_000)
const SETTINGS = { numRuns: RUNS, seed: 20_261_121 }

const point: fc.Arbitrary<Point> = fc.record({ epoch: fc.integer({ min: 0, max: 2 }), order: fc.integer({ min: 0, max: 60 }), id: fc.constantFrom('a', 'b', 'c') })
const stretch = fc.tuple(point, point).map(([from, to]) => ({ from, to }))
const receipt: fc.Arbitrary<MemberReceipt> = fc.record(
  {
    kind: fc.constantFrom('delivered', 'read', 'viewed'),
    upTo: fc.option(point, { nil: null }),
    ranges: fc.array(stretch, { maxLength: 6 }),
    points: fc.array(point, { maxLength: 6 }),
    time: fc.integer({ min: 0, max: 50 }),
  },
  { requiredKeys: ['kind'] },
)
const receipts = fc.array(receipt, { maxLength: 40 })

const applyAll = (all: readonly MemberReceipt[]) => all.reduce(applyReceipt, emptyMemberState('ada'))
const bytes = (state: MemberState) => JSON.stringify(state)

test('receipts in any order, any of them repeated, give the same bytes', () => {
  const shuffled = receipts.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })))
  fc.assert(fc.property(shuffled, ([all, again]) => bytes(applyAll(again)) === bytes(applyAll(all))), SETTINGS)
}, 600_000)

test('devices that each heard a part and then join, in any grouping, give the same bytes', () => {
  fc.assert(fc.property(receipts, receipts, receipts, (a, b, c) => {
    const [x, y, z] = [applyAll(a), applyAll(b), applyAll(c)]
    const together = bytes(applyAll([...a, ...b, ...c]))
    expect(bytes(joinMemberStates(joinMemberStates(x, y), z))).toBe(together)
    expect(bytes(joinMemberStates(x, joinMemberStates(z, y)))).toBe(together)
    expect(joinMemberStates(x, x)).toBe(x)
  }), SETTINGS)
}, 600_000)
