import { describe, expect, it } from 'vitest'
import { dayOf, isoDay } from '../../src/components/isoDay.js'

describe('a day', () => {
  it.each(['2026-03-09', '1999-12-31', '0031-01-02', '2024-02-29'])('%s begins and is written the same', (day) => expect(isoDay(dayOf(day))).toBe(day))
  it('begins at midnight here', () => expect(dayOf('2026-03-09')).toBe(new Date(2026, 2, 9).getTime()))
  it.each(['', 'soon', '2026-03', '2026'])('%j is none', (text) => expect(dayOf(text)).toBeNaN())
  it.each([Number.NaN, Number.POSITIVE_INFINITY, 8.64e15, -8.64e15])('%j has no such form', (time) => expect(isoDay(time)).toBeUndefined())
})
