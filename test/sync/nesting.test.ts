import { describe, expect, it } from 'vitest'
import { isTooDeep } from '../../src/sync/nesting.js'

/** So many levels around a number. */
function nested(levels: number, around: (inner: unknown) => unknown = (inner) => ({ inner })): unknown {
  let value: unknown = 0
  for (let level = 0; level < levels; level += 1) value = around(value)
  return value
}

describe('isTooDeep', () => {
  it.each([
    ['objects', undefined],
    ['lists', (inner: unknown) => [inner]],
    ['objects without a prototype', (inner: unknown) => Object.assign(Object.create(null) as object, { inner })],
  ])('is so of more than a hundred levels of %s, of some thousand too', (_what, around) => {
    expect([0, 1, 100, 101, 10_000].map((levels) => isTooDeep(nested(levels, around)))).toEqual([false, false, false, true, true])
  })

  it('is so of the deepest of many, and of what turns in a circle', () => {
    expect(isTooDeep({ flat: [1, 2], deep: nested(101), last: null })).toBe(true)
    const circle: { self?: unknown } = {}
    circle.self = [circle]
    expect(isTooDeep(circle)).toBe(true)
  })

  it('takes one object that stands in many places once in a level: each doubles those below it', () => {
    expect(isTooDeep(nested(90, (inner) => [inner, inner]))).toBe(false)
  })

  it('has no levels in what is no object of a wire, such as a map', () => {
    expect(isTooDeep(nested(200, (inner) => new Map([[1, inner]])))).toBe(false)
  })

  it('says no of what throws when it is looked at', () => {
    expect(isTooDeep({ get inner(): unknown { throw new Error('no') } })).toBe(false)
  })
})
