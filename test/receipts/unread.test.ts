import fc from 'fast-check'
import { countUnread, coversPoint, finishUnread, joinProgress, NO_PROGRESS, progressUpTo, toProgress, type Message } from 'readback'
import { describe, expect, it } from 'vitest'
import { allPoints, aProgress, at, textAt } from './arbitraries.js'

const newestFirst = (orders: readonly number[], more: Partial<Message> = {}) => orders.map((order) => textAt(at(order), 'bob', more))
const descending = (from: number, count: number) => Array.from({ length: count }, (_, index) => from - index)

const aRow: fc.Arbitrary<Partial<Message>> = fc.constantFrom<Partial<Message>>({}, {}, {}, { from: 'me' }, { body: { kind: 'system', text: 'joined' } }, { recalledAt: 1 }, { deletedAt: 1 }, { hidden: true })
const someRows = fc.tuple(fc.subarray([...allPoints]), fc.array(aRow, { minLength: allPoints.length, maxLength: allPoints.length })).map(([points, kinds]) => points.map((point, index) => textAt(point, 'bob', kinds[index])).reverse())

describe('countUnread', () => {
  it('[RS13] counts countable messages after the read marker, newest first, and ends at it', () => {
    expect(countUnread(newestFirst([5, 4, 3, 2]), progressUpTo(at(3)), 'me')).toEqual({ count: 2, exact: true, needMore: false })
    expect(countUnread(newestFirst([5, 4]), progressUpTo(at(3)), 'me')).toEqual({ count: 2, exact: true, needMore: true })
  })

  it('[RS13] stops at a hundred and says 99, not exact', () => {
    expect(countUnread(newestFirst(descending(200, 99)), NO_PROGRESS, 'me')).toEqual({ count: 99, exact: true, needMore: true })
    expect(countUnread(newestFirst(descending(200, 100)), NO_PROGRESS, 'me')).toEqual({ count: 99, exact: false, needMore: false })
  })

  it('[RS13] reads no row after it has stopped', () => {
    let taken = 0
    const rows = (function* () {
      for (const message of newestFirst(descending(500, 500))) {
        taken += 1
        yield message
      }
    })()
    countUnread(rows, progressUpTo(at(490)), 'me')
    expect(taken).toBe(11)
  })

  it.each<[string, Partial<Message>]>([['own', { from: 'me' }], ['system', { body: { kind: 'system', text: 'x' } }], ['recalled', { recalledAt: 1 }], ['deleted', { deletedAt: 1 }], ['hidden', { hidden: true }], ['an echo', { at: null }]])(
    '[RS13] never counts a message that is %s',
    (_title, more) => expect(countUnread(newestFirst([5], more), NO_PROGRESS, 'me').count).toBe(0),
  )

  it('[RS13] skips what was read beyond the marker, and pages come to the same as one scan', () => {
    fc.assert(
      fc.property(someRows, aProgress, fc.integer({ min: 2, max: 30 }), fc.nat(10), (rows, read, limit, cut) => {
        const unread = rows.filter((row) => row.from !== 'me' && row.body.kind !== 'system' && !row.recalledAt && !row.deletedAt && !row.hidden && !coversPoint(read, row.at!)).length
        const whole = countUnread(rows, read, 'me', limit)
        expect(whole).toMatchObject(unread >= limit ? { count: limit - 1, exact: false } : { count: unread, exact: true })
        expect(countUnread(rows.slice(cut), read, 'me', limit, countUnread(rows.slice(0, cut), read, 'me', limit))).toEqual(whole)
      }),
    )
  })

  it('[RS13] with no new message it never grows, whatever is read or received', () => {
    fc.assert(
      fc.property(someRows, aProgress, aProgress, (rows, read, more) => {
        expect(countUnread(rows, joinProgress(read, more), 'me').count).toBeLessThanOrEqual(countUnread(rows, read, 'me').count)
      }),
    )
  })
})

describe('finishUnread', () => {
  it('[RS13] is inexact where history above the read marker is missing', () => {
    const scan = { count: 3, exact: true }
    const read = toProgress(at(5))
    expect(finishUnread(scan, read)).toEqual({ count: 3, exact: true })
    expect(finishUnread(scan, read, [{ before: at(4) }])).toEqual({ count: 3, exact: true })
    for (const before of [at(5), at(6)]) expect(finishUnread(scan, toProgress(at(5)), [{ before }]).exact).toBe(before.order === 5)
    expect(finishUnread(scan, read, [{ before: at(9) }])).toEqual({ count: 3, exact: false })
    expect(finishUnread(scan, read, [{ before: null }])).toEqual({ count: 3, exact: false })
  })
})
