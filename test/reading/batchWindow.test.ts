import { extendWindow, flushDueAt, type BatchWindow } from 'readback/core'
import { describe, expect, it } from 'vitest'

const POLICY = { flushMs: 300, maxFlushMs: 1000, maxBatch: 5 }
const after = (...reads: readonly (readonly [at: number, count: number])[]): BatchWindow => reads.reduce<BatchWindow | null>((window, [at, count]) => extendWindow(window, at, count), null)!

describe('flushDueAt', () => {
  it.each([
    ['one read waits the short window', after([1000, 1]), 1300],
    ['more reads widen it', after([1000, 1], [1200, 1]), 1500],
    ['never beyond the wide one', after([1000, 1], [1250, 1], [1500, 1], [1790, 1]), 2000],
    ['a full batch leaves at once', after([1000, 3], [1100, 2]), 1100],
  ])('[RD7] %s', (_title, window, expected) => {
    expect(flushDueAt(window, POLICY)).toBe(expected)
  })
})
