import fc from 'fast-check'
import { comparePoints, containsProgress, coversPoint, isNoProgress, joinProgress, NO_PROGRESS, progressOfPoints, progressUpTo, sameProgress, toProgress, type Point, type Progress } from 'readback/core'
import { describe, expect, it } from 'vitest'
import { allPoints, aPoint, aProgress, at } from './arbitraries.js'

const span = (from: number, to: number) => ({ from: at(from), to: at(to) })

/** The same question answered by brute force. */
const naiveCovers = (progress: Progress, point: Point): boolean =>
  (progress.upTo !== null && comparePoints(point, progress.upTo) <= 0) || progress.ranges.some(({ from, to }) => comparePoints(from, point) <= 0 && comparePoints(point, to) <= 0)

describe('joinProgress', () => {
  it.each([
    ['the later prefix wins', progressUpTo(at(3)), progressUpTo(at(5)), { upTo: at(5), ranges: [] }],
    ['a range that reaches over the prefix raises it', progressUpTo(at(3)), toProgress(null, [span(2, 6)]), { upTo: at(6), ranges: [] }],
    ['a range that begins at the prefix raises it', progressUpTo(at(3)), toProgress(null, [span(3, 6)]), { upTo: at(6), ranges: [] }],
    ['a range beyond the prefix stays a range', progressUpTo(at(3)), toProgress(null, [span(4, 6)]), { upTo: at(3), ranges: [span(4, 6)] }],
    ['ranges that share an end merge', toProgress(null, [span(1, 3)]), toProgress(null, [span(3, 5)]), { upTo: null, ranges: [span(1, 5)] }],
    ['neighbours stay apart', toProgress(null, [span(1, 3)]), toProgress(null, [span(4, 5)]), { upTo: null, ranges: [span(1, 3), span(4, 5)] }],
    ['one range bridges two', toProgress(null, [span(1, 2), span(5, 6)]), toProgress(null, [span(2, 5)]), { upTo: null, ranges: [span(1, 6)] }],
    ['a raised prefix swallows what it reaches', toProgress(at(1), [span(3, 4), span(6, 8)]), progressUpTo(at(6)), { upTo: at(8), ranges: [] }],
    ['an epoch is after everything before it', progressUpTo(at(9)), progressUpTo(at(0, 'a', 1)), { upTo: at(0, 'a', 1), ranges: [] }],
  ])('[RS1] %s', (_title, a, b, expected) => {
    expect(joinProgress(a, b)).toEqual(expected)
    expect(joinProgress(b, a)).toEqual(expected)
  })

  it('[RS1] is commutative, associative, idempotent and grows', () => {
    fc.assert(
      fc.property(aProgress, aProgress, aProgress, (a, b, c) => {
        expect(joinProgress(a, b)).toEqual(joinProgress(b, a))
        expect(joinProgress(joinProgress(a, b), c)).toEqual(joinProgress(a, joinProgress(b, c)))
        expect(joinProgress(a, a)).toBe(a)
        expect(containsProgress(joinProgress(a, b), a)).toBe(true)
        expect(containsProgress(joinProgress(a, b), b)).toBe(true)
      }),
    )
  })

  it('[RS1] gives the same bytes for the same inputs in any order, any number of times', () => {
    fc.assert(
      fc.property(fc.array(aProgress, { maxLength: 6 }).chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: 2 * list.length }))), ([list, shuffled]) => {
        const join = (inputs: readonly Progress[]) => JSON.stringify(inputs.reduce(joinProgress, NO_PROGRESS))
        expect(join(shuffled)).toBe(join(list))
      }),
    )
  })

  it('[RS1] covers exactly what either covered', () => {
    fc.assert(
      fc.property(aProgress, aProgress, (a, b) => {
        const joined = joinProgress(a, b)
        for (const point of allPoints) expect(coversPoint(joined, point)).toBe(naiveCovers(a, point) || naiveCovers(b, point))
      }),
    )
  })

  it('[RS2] keeps the normal form: sorted, disjoint, beyond the prefix', () => {
    fc.assert(
      fc.property(aProgress, aProgress, (a, b) => {
        const { upTo, ranges } = joinProgress(a, b)
        let before = upTo
        for (const { from, to } of ranges) {
          if (before !== null) expect(comparePoints(from, before)).toBeGreaterThan(0)
          expect(comparePoints(from, to)).toBeLessThanOrEqual(0)
          before = to
        }
      }),
    )
  })

  it('[RS3] an older receipt does not move it: the same object comes back', () => {
    const state = toProgress(at(5), [span(7, 9)])
    expect(joinProgress(state, progressUpTo(at(4)))).toBe(state)
    expect(joinProgress(state, toProgress(at(2), [span(8, 9)]))).toBe(state)
    fc.assert(fc.property(aProgress, aProgress, (a, b) => {
      const joined = joinProgress(a, b)
      expect(joinProgress(joined, b)).toBe(joined)
    }))
  })
})

describe('containsProgress', () => {
  it('is what joining would leave unmoved', () => {
    fc.assert(fc.property(aProgress, aProgress, (a, b) => {
      expect(containsProgress(a, b)).toBe(JSON.stringify(joinProgress(b, a)) === JSON.stringify(a))
    }))
  })
  it('does not take neighbours for a whole', () => {
    expect(containsProgress(toProgress(at(5), [span(6, 10)]), progressUpTo(at(8)))).toBe(false)
  })
})

describe('toProgress', () => {
  it('leaves out stretches that end before they begin', () => {
    expect(toProgress(null, [span(5, 3)])).toBe(NO_PROGRESS)
    expect(isNoProgress(toProgress(null))).toBe(true)
  })
  it('takes points in any order, twice', () => {
    expect(progressOfPoints([at(4), at(2), at(4)])).toEqual({ upTo: null, ranges: [span(2, 2), span(4, 4)] })
  })
  it('covers single points and nothing between', () => {
    fc.assert(
      fc.property(fc.array(aPoint), (points) => {
        const progress = progressOfPoints(points)
        for (const point of allPoints) expect(coversPoint(progress, point)).toBe(points.some((each) => comparePoints(each, point) === 0))
      }),
    )
  })
  it('tells equal progress from unequal', () => {
    expect(sameProgress(toProgress(at(1), [span(3, 4)]), toProgress(at(1), [span(3, 4)]))).toBe(true)
    expect(sameProgress(toProgress(at(1)), toProgress(at(1), [span(3, 4)]))).toBe(false)
  })
})
