import { expect, it } from 'vitest'
import { usablePolicy } from '../../src/reading/usablePolicy.js'

const DEFAULTS = { dwellMs: 800, visibleFraction: 0.5, requireFocus: true, idleAfterMs: null }

it('[RD2] a policy says how long, how much, and whether without focus', () => {
  expect(usablePolicy()).toEqual(DEFAULTS)
  expect(usablePolicy({ dwellMs: 0, visibleFraction: 1, requireFocus: false, idleAfterMs: 5 })).toEqual({ dwellMs: 0, visibleFraction: 1, requireFocus: false, idleAfterMs: 5 })
  expect(usablePolicy({ visibleFraction: 0.01 }).visibleFraction).toBe(0.01)
})

it.each([
  ['undefined', { dwellMs: undefined, visibleFraction: undefined, requireFocus: undefined, idleAfterMs: undefined }],
  ['no numbers', { dwellMs: NaN, visibleFraction: NaN, requireFocus: null, idleAfterMs: NaN }],
  ['too little', { dwellMs: -1, visibleFraction: 0, requireFocus: 0, idleAfterMs: 0 }],
  ['too much', { dwellMs: Infinity, visibleFraction: 1.01, requireFocus: 'no', idleAfterMs: -1 }],
])('[RD2] settings that are none are the defaults: %s', (_, policy) => {
  expect(usablePolicy(policy as never)).toEqual(DEFAULTS)
})
