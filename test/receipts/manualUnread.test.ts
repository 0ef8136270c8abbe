import fc from 'fast-check'
import type { ManualUnread } from 'readback'
import { describe, expect, it } from 'vitest'
import { endsByReading, joinManualUnread, markedUnread, NEVER_MARKED, unmarkedUnread } from '../../src/receipts/manualUnread.js'
import './arbitraries.js'

/** Few revisions, so that ties are common. */
const aMark: fc.Arbitrary<ManualUnread> = fc.record({ rev: fc.nat(4), on: fc.boolean() })

describe('marks that meet', () => {
  it('[RS33] are joined in any order, any number of times, to the same', () => {
    fc.assert(fc.property(aMark, aMark, aMark, (a, b, c) => {
      expect(joinManualUnread(a, b)).toEqual(joinManualUnread(b, a))
      expect(joinManualUnread(joinManualUnread(a, b), c)).toEqual(joinManualUnread(a, joinManualUnread(b, c)))
      expect(joinManualUnread(a, a)).toBe(a)
    }))
  })

  it('[RS33] the later one wins, and of two as late the one that is on', () => {
    fc.assert(fc.property(aMark, aMark, (a, b) => {
      const { rev, on } = joinManualUnread(a, b)
      expect(rev).toBe(Math.max(a.rev, b.rev))
      expect(on).toBe([a, b].some((each) => each.rev === rev && each.on))
    }))
  })

  it('[RS33] what is done to a mark wins over it', () => {
    fc.assert(fc.property(aMark, (mark) => {
      expect(joinManualUnread(mark, markedUnread(mark))).toEqual({ rev: mark.rev + 1, on: true })
      expect(joinManualUnread(mark, unmarkedUnread(mark)).on).toBe(false)
      expect(mark.on || unmarkedUnread(mark) === mark).toBe(true)
    }))
  })
})

describe('reading', () => {
  const on: ManualUnread = { rev: 3, on: true }

  it.each<[string, ManualUnread, ManualUnread | null, boolean]>([
    ['of what is not open here', on, null, true],
    ['on the visit after', on, on, true],
    ['on the visit in which it was marked', on, NEVER_MARKED, false],
    ['on the visit in which it was marked, ended and marked again', { rev: 5, on: true }, on, false],
    ['after it was ended', { rev: 4, on: false }, on, false],
    ['of what was marked on another device as late as it was ended here', on, { rev: 3, on: false }, false],
  ])('[RS33] %s', (_, mark, atEntry, ends) => {
    expect(endsByReading(mark, atEntry)).toBe(ends)
  })
})
