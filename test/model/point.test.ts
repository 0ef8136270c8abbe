import { comparePoints, isPoint, maxPoint } from 'readback/core'
import { describe, expect, it } from 'vitest'

const at = (order: number, id = 'm', epoch = 0) => ({ epoch, order, id })

describe('comparePoints', () => {
  it('orders by epoch, then order, then id', () => {
    const sorted = [at(1, 'a'), at(1, 'b'), at(2, 'a'), at(0, 'a', 1)]
    expect([...sorted].reverse().sort(comparePoints)).toEqual(sorted)
  })
})

describe('maxPoint', () => {
  it('returns the later object itself, and treats null as before everything', () => {
    const early = at(1)
    const late = at(2)
    expect(maxPoint(early, late)).toBe(late)
    expect(maxPoint(late, early)).toBe(late)
    expect(maxPoint(null, early)).toBe(early)
    expect(maxPoint(early, null)).toBe(early)
  })
})

describe('isPoint', () => {
  it.each([null, {}, { epoch: 0, order: NaN, id: 'm' }, { epoch: 0, order: 2 ** 53, id: 'm' }, { epoch: -1, order: 0, id: 'm' }, { epoch: 0, order: '1', id: 'm' }])('refuses %o', (value) => {
    expect(isPoint(value)).toBe(false)
  })
  it('takes a point', () => {
    expect(isPoint(at(3))).toBe(true)
  })
})
