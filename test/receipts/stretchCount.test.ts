import fc from 'fast-check'
import { comparePoints, type Point } from 'readback/core'
import { expect, it } from 'vitest'
import { createPointTable } from '../../src/receipts/pointTable.js'
import { createStretchCounts, type Stretch } from '../../src/receipts/stretchCount.js'
import { allPoints, aPoint, at } from './arbitraries.js'

/** The simple rule: every stretch is asked. */
function naiveCount(stretches: readonly Stretch[], point: Point | null): number {
  return stretches.filter(({ from, to, open }) => {
    if (point === null) return to === null
    const begun = from === null || comparePoints(from, point) <= 0
    const order = to === null ? -1 : comparePoints(point, to)
    return begun && (open ? order < 0 : order <= 0)
  }).length
}

/** Begins no later than it ends: an open one holds at least its beginning. */
const aStretch: fc.Arbitrary<Stretch> = fc
  .record({ from: fc.option(aPoint), to: fc.option(aPoint), open: fc.boolean() })
  .filter(({ from, to, open }) => from === null || to === null || comparePoints(from, to) < (open ? 0 : 1))

it('counts as asking every stretch would, whatever is added and taken between the questions', () => {
  const step = fc.record({ count: fc.nat(1), add: fc.array(aStretch, { maxLength: 6 }), takeAt: fc.nat(20), ask: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const table = createPointTable()
      const counts = createStretchCounts(table, 2)
      const here: [Stretch[], Stretch[]] = [[], []]
      const check = () => {
        for (const count of [0, 1] as const) expect([null, ...allPoints].map((point) => counts.at(count, point))).toEqual([null, ...allPoints].map((point) => naiveCount(here[count], point)))
      }
      for (const { count, add, takeAt, ask } of steps) {
        const mine = here[count as 0 | 1]
        counts.change(count, add, 1)
        mine.push(...add)
        const taken = mine.splice(takeAt % (mine.length + 1), 2)
        counts.change(count, taken, -1)
        if (ask) check()
      }
      check()
      counts.change(0, here[0], -1)
      counts.change(1, here[1], -1)
      // Nothing is left of what was taken.
      expect(table.chunks.flatMap(({ numbers }) => numbers)).toEqual([])
    }),
    { numRuns: 60 },
  )
})

it('counts over thousands of points, in chunks that part and go', () => {
  const table = createPointTable()
  const counts = createStretchCounts(table, 1)
  const stretches = Array.from({ length: 3_000 }, (_, i): Stretch => ({ from: at((i * 7919) % 6_000), to: at(((i * 7919) % 6_000) + (i % 40)) }))
  counts.change(0, stretches, 1)
  expect(table.chunks.length).toBeGreaterThan(20)
  const asked = [0, 1, 39, 2_999, 3_000, 5_998, 6_020, 7_000].map((order) => at(order))
  expect(asked.map((point) => counts.at(0, point))).toEqual(asked.map((point) => naiveCount(stretches, point)))
  const left = stretches.filter((_, i) => i % 3 === 0)
  counts.change(0, stretches.filter((_, i) => i % 3 !== 0), -1)
  expect(asked.map((point) => counts.at(0, point))).toEqual(asked.map((point) => naiveCount(left, point)))
  counts.change(0, left, -1)
  expect(table.chunks.length).toBe(1)
})

it('counts on when a chunk parts for points that nobody counts over', () => {
  const table = createPointTable()
  const counts = createStretchCounts(table, 1)
  counts.change(0, [{ from: at(10), to: at(500) }, { from: at(400), to: null }, { from: at(450), to: null }], 1)
  expect(counts.at(0, at(450))).toBe(3)
  for (let order = 11; order < 399; order += 1) table.hold(at(order))
  expect([9, 10, 200, 399, 400, 500, 501].map((order) => counts.at(0, at(order)))).toEqual([0, 1, 1, 1, 2, 3, 2])
})

it('counts on when chunks part for points that come before all others', () => {
  const table = createPointTable()
  const counts = createStretchCounts(table, 1)
  const stretches = Array.from({ length: 500 }, (_, i): Stretch => ({ from: at(1_000 - i), to: null }))
  counts.change(0, stretches, 1)
  expect(table.chunks.length).toBeGreaterThan(3)
  expect([500, 501, 750, 1_000].map((order) => counts.at(0, at(order)))).toEqual([0, 1, 250, 500])
})
