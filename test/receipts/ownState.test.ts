import fc from 'fast-check'
import {
  ackReport, clearMine, comparePoints, containsProgress, coversPoint, dueReport, joinOwn, NO_OWN_STATE, publishPast, publishPrefix, readMine, startPublishing, stopPublishing, toProgress, type OwnReceipt, type OwnState, type Point, type ReadMineOptions,
} from 'readback'
import { describe, expect, it } from 'vitest'
import { allPoints, aPoint, aProgress, aReceipt, at } from './arbitraries.js'

const PUBLIC: ReadMineOptions = { kind: 'read', publish: true, readMode: 'perMessage' }
const PRIVATE: ReadMineOptions = { ...PUBLIC, publish: false }
const span = (from: number, to: number) => ({ from: at(from), to: at(to) })

type Step = { readonly points: readonly Point[]; readonly options: ReadMineOptions } | OwnReceipt
const aStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ points: fc.array(aPoint, { minLength: 1, maxLength: 3 }), options: fc.record({ kind: fc.constantFrom('delivered', 'read', 'viewed'), publish: fc.boolean(), readMode: fc.constantFrom('upTo', 'perMessage') }) }),
  fc.tuple(aReceipt, fc.constantFrom('published' as const, 'ownDevices' as const)).map(([{ kind, upTo = null, ranges = [], points = [] }, visibility]) => ({ kind, upTo, ranges, points, visibility })),
)
const take = (own: OwnState, step: Step): OwnState => ('options' in step ? readMine(own, { points: step.points }, step.options) : joinOwn(own, step))

describe('joinOwn', () => {
  it('[RS1] gives the same bytes in any order, any number of times', () => {
    fc.assert(
      fc.property(fc.array(aStep, { maxLength: 5 }).chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: 2 * list.length }))), ([list, shuffled]) => {
        expect(JSON.stringify(shuffled.reduce(take, NO_OWN_STATE))).toBe(JSON.stringify(list.reduce(take, NO_OWN_STATE)))
      }),
    )
  })
})

describe('readMine', () => {
  it('[RS14] reads what was seen, and in upTo mode everything before the greatest of it', () => {
    expect(readMine(NO_OWN_STATE, { points: [at(5), at(3)] }, PUBLIC).synced.read).toEqual({ upTo: null, ranges: [span(3, 3), span(5, 5)] })
    expect(readMine(NO_OWN_STATE, { points: [at(5), at(3)] }, { ...PUBLIC, readMode: 'upTo' }).synced.read).toEqual({ upTo: at(5), ranges: [] })
  })

  it('[RS14] a prefix is one in either mode', () => {
    for (const readMode of ['upTo', 'perMessage'] as const) expect(readMine(NO_OWN_STATE, { upTo: at(5) }, { ...PUBLIC, readMode }).synced.read).toEqual({ upTo: at(5), ranges: [] })
  })

  it('[RS14] returns the same object when nothing moved', () => {
    const own = readMine(NO_OWN_STATE, { upTo: at(5) }, PUBLIC)
    expect(readMine(own, { points: [at(3)] }, PUBLIC)).toBe(own)
  })

  it('[RS5] viewing one picture reads as the mode says and views that picture only', () => {
    const own = readMine(NO_OWN_STATE, { points: [at(5)] }, { kind: 'viewed', publish: true, readMode: 'upTo' })
    expect(own.synced).toMatchObject({ read: { upTo: at(5) }, viewed: { upTo: null, ranges: [span(5, 5)] } })
  })

  it('[RS15] what is read in private is synced and never wanted', () => {
    const own = readMine(NO_OWN_STATE, { points: [at(5)] }, PRIVATE)
    expect(dueReport(own, 'read', 'published')).toBeNull()
    expect(dueReport(own, 'read', 'ownDevices')).toEqual({ upTo: null, ranges: [span(5, 5)] })
  })
})

describe('dueReport', () => {
  it('[RS16] nothing is due that would not move anything', () => {
    const own = readMine(NO_OWN_STATE, { points: [at(5)] }, PUBLIC)
    const due = dueReport(own, 'read', 'published')
    expect(due).toEqual({ upTo: null, ranges: [span(5, 5)] })
    const acked = ackReport(own, 'read', 'published', due!)
    expect(dueReport(acked, 'read', 'published')).toBeNull()
    expect(ackReport(acked, 'read', 'published', due!)).toBe(acked)
    expect(dueReport(readMine(acked, { points: [at(5)] }, PUBLIC), 'read', 'published')).toBeNull()
  })

  it('[RS16] what another device of mine has published is not reported again, and an older ack does not hide newer reading', () => {
    const own = joinOwn(NO_OWN_STATE, { kind: 'read', visibility: 'published', upTo: at(9) })
    expect(dueReport(readMine(own, { points: [at(7)] }, PUBLIC), 'read', 'published')).toBeNull()
    expect(dueReport(readMine(own, { points: [at(10)] }, PUBLIC), 'read', 'published')).toEqual({ upTo: at(9), ranges: [span(10, 10)] })
  })

  it('[RS16] a published report is not sent to my own devices again', () => {
    const own = readMine(NO_OWN_STATE, { upTo: at(5) }, PUBLIC)
    expect(dueReport(own, 'read', 'ownDevices')).not.toBeNull()
    expect(dueReport(ackReport(own, 'read', 'published', own.wanted.read), 'read', 'ownDevices')).toBeNull()
  })

  it('[RS17] what a wire of single positions could not say still goes to my own devices', () => {
    const own = readMine(NO_OWN_STATE, { upTo: at(2), points: [at(5)] }, PUBLIC)
    const acked = ackReport(own, 'read', 'published', own.wanted.read, toProgress(at(2)))
    expect(dueReport(acked, 'read', 'published')).toBeNull()
    expect(dueReport(acked, 'read', 'ownDevices')).toEqual({ upTo: at(2), ranges: [span(5, 5)] })
  })

  it('[RS16] after every due report is acked nothing is due, and all that was wanted is acked', () => {
    fc.assert(
      fc.property(fc.array(aStep, { maxLength: 8 }), (steps) => {
        let own = steps.reduce(take, NO_OWN_STATE)
        for (const kind of ['delivered', 'read', 'viewed'] as const) {
          for (const visibility of ['published', 'ownDevices'] as const) {
            const due = dueReport(own, kind, visibility)
            if (due !== null) own = ackReport(own, kind, visibility, due)
            expect(dueReport(own, kind, visibility)).toBeNull()
          }
          expect(containsProgress(own.acked.published[kind], own.wanted[kind])).toBe(true)
          expect(containsProgress(own.synced[kind], own.wanted[kind])).toBe(true)
        }
        expect(containsProgress(own.synced.read, own.synced.viewed)).toBe(true)
      }),
    )
  })
})

describe('switching receipts', () => {
  it('[RS15] off drops what waits to be published and keeps what was read', () => {
    const own = readMine(ackReport(readMine(NO_OWN_STATE, { points: [at(3)] }, PUBLIC), 'read', 'published', toProgress(null, [span(3, 3)])), { points: [at(5)] }, PUBLIC)
    const off = stopPublishing(own, ['read', 'viewed'])
    expect(dueReport(off, 'read', 'published')).toBeNull()
    expect(coversPoint(off.synced.read, at(5))).toBe(true)
  })

  it('[RS15] on again publishes nothing at or before the floor, in either mode', () => {
    fc.assert(
      fc.property(aPoint, fc.array(fc.record({ points: fc.array(aPoint, { minLength: 1, maxLength: 4 }), readMode: fc.constantFrom('upTo' as const, 'perMessage' as const) })), (floor, reads) => {
        const own = reads.reduce((state, { points, readMode }) => readMine(state, { points }, { kind: 'read', publish: true, readMode }), startPublishing(NO_OWN_STATE, floor))
        for (const point of allPoints) {
          if (comparePoints(point, floor) <= 0) expect(coversPoint(own.wanted.read, point)).toBe(false)
          else if (reads.some(({ points }) => points.some((each) => comparePoints(each, point) === 0))) expect(coversPoint(own.wanted.read, point)).toBe(true)
        }
      }),
    )
  })

  it('[RS15] the first seen point after the floor begins what is published of a stretch over it, and a stretch beyond it is published whole', () => {
    const own = startPublishing(NO_OWN_STATE, at(5))
    const wantedOf = (what: Parameters<typeof readMine>[1]) => readMine(own, what, PUBLIC).wanted.read
    expect(wantedOf({ ranges: [span(3, 9), span(7, 8)] })).toEqual({ upTo: null, ranges: [span(7, 9)] })
    expect(wantedOf({ ranges: [span(4, 9)], upTo: at(7) })).toEqual({ upTo: null, ranges: [span(7, 9)] })
    expect(wantedOf({ upTo: at(9) })).toEqual({ upTo: null, ranges: [span(9, 9)] })
    expect(wantedOf({ ranges: [span(6, 7), span(10, 12)] })).toEqual({ upTo: null, ranges: [span(6, 7), span(10, 12)] })
    expect(wantedOf({ ranges: [span(1, 5)] })).toEqual({ upTo: null, ranges: [] })
  })

  it('[RS15] what a floor held back of what was read in public is published with the past, and without a floor nothing is kept for that', () => {
    const own = readMine(startPublishing(NO_OWN_STATE, at(5)), { points: [at(3), at(9)] }, PUBLIC)
    expect(own.wanted.read.ranges).toEqual([span(9, 9)])
    expect(publishPast(own).wanted.read.ranges).toEqual([span(3, 3), span(9, 9)])
    expect(readMine(NO_OWN_STATE, { points: [at(3)] }, PUBLIC)).not.toHaveProperty('unpublished')
  })

  it('[RS14] nothing is made anew where nothing moves', () => {
    const floored = startPublishing(NO_OWN_STATE, at(5))
    expect(startPublishing(floored, at(4))).toBe(floored)
    const quiet = readMine(NO_OWN_STATE, { points: [at(3)] }, PRIVATE)
    expect(readMine(quiet, { points: [at(3)] }, PRIVATE)).toBe(quiet)
  })

  it('[RS16] what my own devices were told is what was due to them', () => {
    expect(ackReport(NO_OWN_STATE, 'read', 'ownDevices', toProgress(at(5)), toProgress(at(3))).acked.ownDevices.read).toEqual(toProgress(at(5)))
  })

  it('[RS15] the past is published once the user confirms it', () => {
    const own = publishPast(readMine(startPublishing(readMine(NO_OWN_STATE, { points: [at(3)] }, PRIVATE), at(5)), { points: [at(7)] }, PUBLIC))
    expect(own).toMatchObject({ publishFloor: null, wanted: { read: { upTo: null, ranges: [span(3, 3), span(7, 7)] } } })
  })

  it('[RS15] clearing my count publishes nothing, also once the user confirms the past', () => {
    const own = clearMine(NO_OWN_STATE, at(9))
    expect(own.synced.read.upTo).toEqual(at(9))
    expect(dueReport(own, 'read', 'published')).toBeNull()
    expect(dueReport(publishPast(own), 'read', 'published')).toBeNull()
    expect(dueReport(publishPast(readMine(own, { points: [at(4)] }, PRIVATE)), 'read', 'published')).toEqual(toProgress(null, [span(4, 4)]))
  })

  it('[RS15] what another device told my own devices may be cleared there, and is not published from here', () => {
    const own = joinOwn(NO_OWN_STATE, { kind: 'read', visibility: 'ownDevices', upTo: at(9) })
    expect(dueReport(publishPast(own), 'read', 'published')).toBeNull()
  })

  it('[RS15] what was read in public and had not left when receipts went off is published with the past', () => {
    const off = stopPublishing(readMine(NO_OWN_STATE, { points: [at(5)] }, PUBLIC), ['read', 'viewed'])
    const past = publishPast(startPublishing(off, at(6)))
    expect(dueReport(past, 'read', 'published')).toEqual(toProgress(null, [span(5, 5)]))
    expect(publishPast(past)).toEqual(past)
  })
})

describe('publishPrefix', () => {
  const countable = [1, 2, 3, 4, 5].map((order) => at(order))
  const here = { countable, knownFrom: null, joinedAt: null }
  it.each([
    ['everything read up to the first unread one', toProgress(null, [span(1, 1), span(2, 2), span(3, 3), span(5, 5)]), here, at(3)],
    ['nothing when the first is unread', toProgress(null, [span(2, 5)]), here, null],
    ['stops at a hole', toProgress(null, [span(1, 5)]), { ...here, holes: [at(3, 'hole')] }, at(3)],
    ['stops at a gap', toProgress(null, [span(1, 5)]), { ...here, gaps: [{ after: at(2), before: at(4) }] }, at(2)],
    ['a gap behind the prefix is no matter', toProgress(at(4), [span(5, 5)]), { ...here, gaps: [{ after: at(1), before: at(2) }] }, at(5)],
    ['a gap that ends where the prefix does, and a hole there, are no matter', toProgress(at(2), [span(3, 4)]), { ...here, gaps: [{ after: null, before: at(2) }], holes: [at(2)] }, at(4)],
    ['a gap that begins at the message itself is behind it', toProgress(null, [span(1, 1), span(2, 2)]), { ...here, gaps: [{ after: at(2), before: null }] }, at(2)],
    ['from my joining on', toProgress(null, [span(3, 4)]), { ...here, joinedAt: at(3) }, at(4)],
    ['the prefix itself when history before is unknown', toProgress(null, [span(3, 5)]), { ...here, countable: countable.slice(2), knownFrom: at(3) }, null],
    ['going on from the prefix', toProgress(at(2), [span(3, 4)]), { ...here, countable: countable.slice(1), knownFrom: at(2) }, at(4)],
    ['the prefix itself when history behind it is unknown', toProgress(at(1), [span(3, 5)]), { ...here, countable: countable.slice(2), knownFrom: at(3) }, at(1)],
    ['not past an unread message at the very place of joining', toProgress(null, [span(4, 5)]), { ...here, joinedAt: at(3) }, null],
    ['stops before what stands in the place of a hole', toProgress(null, [span(1, 5)]), { ...here, holes: [at(3)] }, at(2)],
    ['a hole at the next place is behind it', toProgress(null, [span(1, 5)]), { ...here, holes: [at(4)] }, at(3)],
    ['stops at a gap of one place', toProgress(at(2), [span(3, 4)]), { ...here, gaps: [{ after: at(2), before: at(3) }] }, at(2)],
    ['nothing while there is a floor', toProgress(null, [span(1, 5)]), { ...here, publishFloor: at(1) }, null],
  ])('[RS17] %s', (_title, read, surroundings, expected) => {
    expect(publishPrefix(read, surroundings)).toEqual(expected)
  })

  it('[RS17] never says more than was read', () => {
    fc.assert(
      fc.property(aProgress, fc.subarray([...allPoints]), (read, points) => {
        const prefix = publishPrefix(read, { countable: points, knownFrom: null, joinedAt: null })
        for (const point of points) if (prefix !== null && comparePoints(point, prefix) <= 0) expect(coversPoint(read, point)).toBe(true)
      }),
    )
  })
})
