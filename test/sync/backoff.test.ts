import { describe, expect, it } from 'vitest'
import { BACKOFF_BASE_MS, BACKOFF_CAP_MS, backoffMs } from '../../src/sync/backoff.js'

describe('backoffMs', () => {
  it('doubles its ceiling with every failure, up to the cap', () => {
    expect([1, 2, 3].map((attempt) => backoffMs(attempt, 1))).toEqual([BACKOFF_BASE_MS, BACKOFF_BASE_MS * 2, BACKOFF_BASE_MS * 4])
    expect(backoffMs(60, 1)).toBe(BACKOFF_CAP_MS)
  })
  it('spreads clients over the whole window', () => {
    expect(backoffMs(5, 0)).toBe(0)
    expect(backoffMs(5, 0.5)).toBe(backoffMs(5, 1) / 2)
  })
})
