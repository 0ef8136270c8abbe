import { coversPoint, toProgress, type Progress } from 'readback/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { commonProgress } from '../../src/receipts/commonProgress.js'

const at = (order: number) => ({ epoch: 0, order, id: `m${order}` })
const anOrder = fc.integer({ min: 0, max: 12 })
const aProgress = fc.tuple(fc.option(anOrder), fc.array(fc.tuple(anOrder, anOrder), { maxLength: 4 })).map(([upTo, ranges]): Progress => toProgress(upTo === null ? null : at(upTo), ranges.map(([from, to]) => ({ from: at(from), to: at(to) }))))

it('[RS15] covers what both cover, and nothing else', () => {
  fc.assert(fc.property(aProgress, aProgress, (a, b) => {
    const common = commonProgress(a, b)
    for (let order = 0; order <= 12; order += 1) expect(coversPoint(common, at(order))).toBe(coversPoint(a, at(order)) && coversPoint(b, at(order)))
    expect(toProgress(common.upTo, common.ranges)).toEqual(common)
  }))
})
