import fc from 'fast-check'
import { applyReceipt, audienceOf, hasReached, tallyFromReach, tallyOf, keepTally, type Member, type MemberState, type Point, type TallyConditions } from 'readback'
import { describe, expect, it } from 'vitest'
import { createReceiptIndex } from '../../src/receipts/receiptIndex.js'
import { allPoints, aPoint, aReceipt, aRoster, at, someone, stateOf } from './arbitraries.js'

const SHOWN: TallyConditions = { requested: true, supported: true, sizeLimit: 500, off: false, rosterComplete: true }
const read = (who: string, upTo: number): MemberState => applyReceipt(stateOf(who), { kind: 'read', upTo: at(upTo) })

function indexOf(members: readonly Member[], states: readonly MemberState[]) {
  const index = createReceiptIndex()
  index.setRoster(members)
  index.setStates(states)
  return index
}

/** X and N by looking at everybody, in the words of the rule. */
function naiveTally(members: readonly Member[], states: ReadonlyMap<string, MemberState>, point: Point, author: string, others: readonly Point[] = []) {
  const then = members.filter((member) => audienceOf({ from: author, at: point }, [member]).length > 0)
  const reached = (kind: 'delivered' | 'read' | 'viewed') => then.filter(({ userId }) => [point, ...others].some((place) => hasReached(states.get(userId) ?? stateOf(userId), kind, place))).map(({ userId }) => userId)
  const still = then.filter(({ intervals }) => intervals.some(({ joinedAt, leftAt }) => leftAt === null && audienceOf({ from: author, at: point }, [someone('x', joinedAt, leftAt)]).length > 0)).map(({ userId }) => userId)
  return { tracked: true, read: reached('read').length, of: new Set([...still, ...reached('read')]).size, delivered: reached('delivered').length, viewed: reached('viewed').length, deliveredOf: new Set([...still, ...reached('delivered')]).size }
}

describe('audienceOf', () => {
  it('[RS7] is who was a member at that point, without the author', () => {
    const members = [someone('ann'), someone('bob', at(5)), someone('cem', null, at(5)), someone('dee', at(2), at(9))]
    expect(audienceOf({ from: 'ann', at: at(5) }, members)).toEqual(['bob', 'dee'])
    expect(audienceOf({ from: 'ann', at: at(4) }, members)).toEqual(['cem', 'dee'])
    expect(audienceOf({ from: 'ann', at: null }, members)).toEqual(['bob'])
  })
})

describe('tallyOf', { timeout: 30_000 }, () => {
  it('[RS8] counts readers without the author', () => {
    const index = indexOf([someone('ann'), someone('bob'), someone('cem')], [read('ann', 9), read('bob', 9)])
    expect(tallyOf(index, { from: 'ann', at: at(5) }, SHOWN)).toEqual({ tracked: true, read: 1, of: 2, delivered: 1, viewed: 0, deliveredOf: 2 })
  })

  it('[RS8] who left unread leaves N; who left after reading stays in X and N; rejoining does not re-enter', () => {
    const rejoined: Member = { userId: 'eve', role: 'member', intervals: [{ joinedAt: null, leftAt: at(6) }, { joinedAt: at(8), leftAt: null }] }
    const index = indexOf([someone('ann'), someone('bob'), someone('cem', null, at(7)), someone('dee', null, at(7)), rejoined], [read('cem', 6)])
    expect(tallyOf(index, { from: 'ann', at: at(5) }, SHOWN)).toMatchObject({ read: 1, of: 2 })
    expect(tallyOf(index, { from: 'ann', at: at(9) }, SHOWN)).toMatchObject({ read: 0, of: 2 })
  })

  it('[RS8] whose times of being a member overlap, as a wire may have them, counts once', () => {
    const times: Member['intervals'] = [{ joinedAt: at(3), leftAt: null }, { joinedAt: null, leftAt: at(4) }, { joinedAt: at(6), leftAt: at(8) }]
    const shorter: Member['intervals'] = [{ joinedAt: null, leftAt: at(6) }, { joinedAt: at(2), leftAt: at(4) }, { joinedAt: at(6), leftAt: null }]
    const index = indexOf([someone('ann'), { ...someone('bob'), intervals: times }, { ...someone('cem'), intervals: shorter }], [read('bob', 7), read('cem', 7)])
    for (const order of [1, 3, 5, 7]) expect(tallyOf(index, { from: 'ann', at: at(order) }, SHOWN)).toMatchObject({ read: 2, of: 2 })
    expect(tallyOf(index, { from: 'ann', at: at(9) }, SHOWN)).toMatchObject({ read: 0, of: 2 })
    expect(tallyOf(index, { from: 'ann', at: null }, SHOWN)).toMatchObject({ read: 0, of: 2 })
  })

  it('[RS8] who is said to have left where they read to, and has not, counts there', () => {
    const index = indexOf([someone('ann'), someone('bob', null, at(5))], [read('bob', 5)])
    expect(tallyOf(index, { from: 'ann', at: at(5) }, SHOWN)).toMatchObject({ read: 0, of: 0 })
    index.setRoster([someone('ann'), someone('bob')])
    expect(tallyOf(index, { from: 'ann', at: at(5) }, SHOWN)).toMatchObject({ read: 1, of: 1 })
  })

  it('[RS3] what comes late or again moves nothing, and says so', () => {
    const index = indexOf([someone('ann'), someone('bob')], [])
    const readAt = (order: number) => tallyOf(index, { from: 'ann', at: at(order) }, SHOWN)
    expect([9, 5, 9].map((order) => index.join('bob', { kind: 'read', upTo: at(order) }))).toEqual([true, false, false])
    expect(index.getProgress('bob').read.upTo).toEqual(at(9))
    expect(index.join('bob', { kind: 'delivered', upTo: at(5) })).toBe(true)
    expect(readAt(7)).toMatchObject({ read: 1, delivered: 1 })
    expect(index.join('bob', { kind: 'delivered', upTo: at(11) })).toBe(true)
    expect([readAt(10), readAt(12)]).toMatchObject([{ read: 0, delivered: 1 }, { read: 0, delivered: 0 }])
  })

  it('[RS8] a group of just the size limit is tracked, and nobody is counted who did not read', () => {
    const index = indexOf([someone('ann'), someone('bob')], [])
    expect(tallyOf(index, { from: 'ann', at: at(5) }, { ...SHOWN, sizeLimit: 2 })).toMatchObject({ tracked: true, read: 0 })
    expect(tallyFromReach({ delivered: 0, read: 0, viewed: 0, of: 3, deliveredOf: 3 })).toEqual({ tracked: true, read: 0, of: 3, delivered: 0, viewed: 0, deliveredOf: 3 })
  })

  it('[RS8] the author is not counted either once they have read on', () => {
    const index = indexOf([someone('ann'), someone('bob')], [])
    const told = () => tallyOf(index, { from: 'ann', at: at(7) }, SHOWN)
    for (const order of [5, 9]) {
      index.join('ann', { kind: 'read', upTo: at(order) })
      expect(told()).toMatchObject({ read: 0, of: 1 })
    }
  })

  it('[RS8] a prefix that moves on by one place, and what comes with one, counts', () => {
    const index = indexOf([someone('ann'), someone('bob')], [])
    const readers = (order: number) => index.listReached('read', { from: 'ann', at: at(order) }).length
    expect([5, 6].map((order) => index.join('bob', { kind: 'read', upTo: at(order) }))).toEqual([true, true])
    index.join('bob', { kind: 'read', upTo: at(7), ranges: [{ from: at(9), to: at(10) }] })
    index.join('bob', { kind: 'read', upTo: at(7), points: [at(12)] })
    expect([6, 7, 8, 9, 10, 11, 12].map(readers)).toEqual([1, 1, 0, 1, 1, 0, 1])
    expect([6, 7, 8, 9, 10, 11, 12].map((order) => index.countReached('read', at(order), 'ann'))).toEqual([1, 1, 0, 1, 1, 0, 1])
    expect(['ann', 'bob', 'cem'].map((who) => index.has(who))).toEqual([true, true, false])
  })

  it('[RS8] who left twice at once, as a wire may have it, left when they left last', () => {
    const twice: Member['intervals'] = [{ joinedAt: at(2), leftAt: at(4) }, { joinedAt: null, leftAt: at(6) }]
    const index = indexOf([someone('ann'), { ...someone('bob'), intervals: twice }], [read('bob', 9)])
    expect([1, 3, 5, 7].map((order) => tallyOf(index, { from: 'ann', at: at(order) }, SHOWN))).toMatchObject([{ read: 1 }, { read: 1 }, { read: 1 }, { read: 0, of: 0 }])
  })

  it('[RS8] a prefix says nothing about what was before the reader joined', () => {
    const index = indexOf([someone('ann'), someone('bob', at(5))], [read('bob', 9)])
    expect(tallyOf(index, { from: 'ann', at: at(4) }, SHOWN)).toMatchObject({ read: 0, of: 0 })
    expect(tallyOf(index, { from: 'ann', at: at(5) }, SHOWN)).toMatchObject({ read: 1, of: 1 })
  })

  it('[RS8] a count without names joins by max and never exceeds N', () => {
    const index = indexOf([someone('ann'), someone('bob'), someone('cem'), someone('dee')], [read('bob', 9)])
    const subject = { from: 'ann', at: at(5) }
    expect([0, 1, 2, 9].map((count) => tallyOf(index, subject, SHOWN, count))).toMatchObject([{ read: 1 }, { read: 1 }, { read: 2, delivered: 2 }, { read: 3, of: 3 }])
  })

  it('[RS25] who was only counted may have left, or be silent: then N has room for them, and nobody else has read', () => {
    const index = indexOf([someone('ann'), someone('bob'), someone('cem', null, at(7)), someone('dee')], [])
    const silent = { unread: 1, undelivered: 1 }
    expect([0, 1, 2, 3, 9].map((count) => tallyOf(index, { from: 'ann', at: at(5) }, SHOWN, count))).toMatchObject([{ read: 0, of: 2 }, { read: 1, of: 3, deliveredOf: 3 }, { read: 2, of: 3 }, { read: 3, of: 3, delivered: 3 }, { read: 3, of: 3 }])
    expect([1, 2, 3].map((count) => tallyOf(index, { from: 'ann', at: at(5) }, SHOWN, count, silent))).toMatchObject([{ read: 1, of: 2 }, { read: 2, of: 3 }, { read: 3, of: 3 }])
    // Who came later is not counted by the wire either.
    expect(tallyOf(index, { from: 'ann', at: at(9) }, SHOWN, 1)).toMatchObject({ read: 1, of: 2 })
  })

  it('[RS25] [RS8] of all it is said that they read, or have it, only where that is so whoever was counted', () => {
    fc.assert(
      fc.property(aRoster, fc.array(fc.record({ who: fc.nat(5), receipt: aReceipt }), { maxLength: 12 }), fc.nat(6), aPoint, (members, receipts, counted, point) => {
        const states = new Map<string, MemberState>()
        for (const { who, receipt } of receipts) states.set(`u${who}`, applyReceipt(states.get(`u${who}`) ?? stateOf(`u${who}`), receipt))
        const subject = { from: 'u0', at: point }
        const audience = audienceOf(subject, members)
        const n = Math.min(counted, audience.length)
        const tally = tallyOf(indexOf(members, [...states.values()]), subject, { ...SHOWN, sizeLimit: 100 }, n)
        if (!tally.tracked) throw new Error('It has a number.')
        const { read: x, of, delivered, deliveredOf = of } = tally
        const named = (kind: 'read' | 'delivered') => audience.filter((userId) => hasReached(states.get(userId) ?? stateOf(userId), kind, point))
        const isHere = (userId: string) => members.some((member) => member.userId === userId && member.intervals.some(({ leftAt, ...interval }) => leftAt === null && audienceOf(subject, [{ ...member, intervals: [{ ...interval, leftAt }] }]).length > 0))
        // The worst that is possible: as many of those counted as may be had left.
        const worst = (kind: 'read' | 'delivered') => {
          const without = audience.filter((userId) => !named(kind).includes(userId))
          const more = Math.max(0, n - named('read').length - (kind === 'read' ? 0 : named('delivered').length - named('read').length))
          return without.filter(isHere).length - Math.max(0, more - without.filter((userId) => !isHere(userId)).length)
        }
        expect(x).toBe(Math.max(named('read').length, n))
        expect(x === of).toBe(worst('read') <= 0)
        expect(delivered === deliveredOf).toBe(worst('delivered') <= 0)
        expect([x <= of, delivered <= deliveredOf, of <= audience.length]).toEqual([true, true, true])
      }),
      { numRuns: 500 },
    )
  })

  it('[RS8] a message without a place has nobody who read it', () => {
    const index = indexOf([someone('ann'), someone('bob')], [read('bob', 9)])
    expect(tallyOf(index, { from: 'ann', at: null }, SHOWN)).toEqual({ tracked: true, read: 0, of: 1, delivered: 0, viewed: 0, deliveredOf: 1 })
    expect(index.listReached('read', { from: 'ann', at: null })).toEqual([])
  })

  it.each([
    ['recalled', { recalled: true, off: true }],
    ['off', { off: true, supported: false }],
    ['unsupported', { supported: false, rosterComplete: false }],
    ['rosterUnknown', { rosterComplete: false, sizeLimit: 1 }],
    ['tooLarge', { sizeLimit: 1, requested: false }],
    ['notRequested', { requested: false, expired: true }],
    ['expired', { expired: true }],
  ])('[RS9] says why there is no number: %s', (reason, changes) => {
    const tally = tallyOf(indexOf([someone('ann'), someone('bob')], []), { from: 'ann', at: at(1) }, { ...SHOWN, ...changes })
    expect(tally).toEqual({ tracked: false, reason })
    expect(tally).toBe(tallyOf(indexOf([someone('ann'), someone('bob')], []), { from: 'ann', at: at(1) }, { ...SHOWN, ...changes }))
  })

  it('[RS8] agrees with counting everybody, whatever order states, roster and changes of it come in', () => {
    const change = fc.record({ who: fc.nat(5), receipt: aReceipt })
    fc.assert(
      fc.property(aRoster, aRoster, fc.array(change, { maxLength: 40 }), (roster, later, changes) => {
        const index = createReceiptIndex()
        const states = new Map<string, MemberState>()
        const half = changes.length >> 1
        const put = ({ who, receipt }: (typeof changes)[number]) => {
          const state = applyReceipt(states.get(`u${who}`) ?? stateOf(`u${who}`), receipt)
          states.set(`u${who}`, state)
          index.setState(state)
        }
        const check = (members: readonly Member[]) => {
          const conditions = { ...SHOWN, sizeLimit: 100 }
          for (const point of allPoints) {
            for (const author of ['u0', 'u3', 'nobody']) expect(tallyOf(index, { from: author, at: point }, conditions)).toEqual(naiveTally(members, states, point, author))
            expect(index.listReached('read', { from: 'u1', at: point })).toHaveLength(index.countReached('read', point, 'u1'))
            const others = allPoints.filter((_, n) => n % 3 === 0)
            expect(tallyOf(index, { from: 'u0', at: point, otherPlaces: others }, conditions)).toEqual(naiveTally(members, states, point, 'u0', others))
          }
        }
        changes.slice(0, half).forEach(put)
        index.setRoster(roster)
        check(roster)
        index.setRoster(later)
        changes.slice(half).forEach(put)
        check(later)
        expect(index.size).toBe(later.filter(({ intervals }) => intervals.some(({ leftAt }) => leftAt === null)).length)
      }),
      { numRuns: 60 },
    )
  })

  it('[RS8] agrees with counting everybody for ten thousand members, some with ranges, after a flood', () => {
    const members = Array.from({ length: 10_000 }, (_, who) => someone(`u${who}`, who % 7 === 0 ? at(who % 50) : null))
    const states = new Map(members.map(({ userId }, who) => [userId, read(userId, (who * 31) % 100)]))
    const index = indexOf(members, [...states.values()])
    index.reach({ from: 'u1', at: at(50) })
    for (let who = 0; who < 500; who += 1) {
      const moved = applyReceipt(states.get(`u${who}`) as MemberState, who % 5 === 0 ? { kind: 'read', points: [at(98), at(96)] } : { kind: 'read', upTo: at(99) })
      states.set(`u${who}`, moved)
      index.setState(moved)
    }
    for (const order of [0, 20, 49, 50, 77, 96, 97, 98, 99]) {
      expect(tallyOf(index, { from: 'u1', at: at(order) }, { ...SHOWN, sizeLimit: 20_000 })).toEqual(naiveTally(members, states, at(order), 'u1'))
    }
  })
})

describe('a message that the wire stored twice', () => {
  const twice = { from: 'ann', at: at(2), otherPlaces: [at(5)] }
  const only = (who: string, order: number): MemberState => applyReceipt(stateOf(who), { kind: 'read', points: [at(order)] })

  it('[RS30] was read by whoever read it at one of its places, and by each of them once', () => {
    const members = [someone('ann'), someone('bob'), someone('cem'), someone('dee'), someone('eve'), someone('fay', at(3)), someone('gus', null, at(4))]
    const index = indexOf(members, [only('ann', 5), only('bob', 2), only('cem', 5), read('dee', 9), only('eve', 3), read('fay', 9)])
    expect(tallyOf(index, twice, SHOWN)).toEqual({ tracked: true, read: 3, of: 4, delivered: 3, viewed: 0, deliveredOf: 4 })
    expect(index.listReached('read', twice)).toEqual(['bob', 'cem', 'dee'])
    expect(index.listReached('viewed', twice)).toEqual([])
    expect(index.reach({ ...twice, at: null })).toMatchObject({ delivered: 0, read: 0, viewed: 0 })
  })
})

describe('ReceiptIndex', { timeout: 30_000 }, () => {
  it('[RS1] joins receipts as the rule for one member does, whether they are in the roster yet or dropped from it meanwhile', () => {
    const step = fc.oneof(fc.record({ who: fc.nat(5), receipt: aReceipt }), aRoster)
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const index = createReceiptIndex()
        const states = new Map<string, MemberState>()
        for (const each of steps) {
          if (!('who' in each)) {
            index.setRoster(each)
            continue
          }
          const id = `u${each.who}`
          const before = states.get(id) ?? stateOf(id)
          const { time: _time, ...receipt } = each.receipt
          const after = applyReceipt(before, receipt)
          expect(index.join(id, each.receipt)).toBe(after !== before)
          states.set(id, after)
        }
        for (const [id, { delivered, read: reached, viewed }] of states) expect(index.getProgress(id)).toEqual({ delivered, read: reached, viewed })
      }),
    )
  })

  it('[RS3] an older state does not take back a newer one', () => {
    const index = indexOf([someone('ann'), someone('bob')], [read('bob', 9)])
    index.setState(read('bob', 4))
    expect(tallyOf(index, { from: 'ann', at: at(8) }, SHOWN)).toMatchObject({ read: 1 })
    expect(index.getProgress('bob').read).toEqual({ upTo: at(9), ranges: [] })
    expect(index.getProgress('nobody').read).toEqual({ upTo: null, ranges: [] })
  })
})

describe('keepTally', () => {
  it('keeps the shown object until a number changes', () => {
    const shown = { tracked: true, read: 1, of: 2, delivered: 1, viewed: 0 } as const
    expect(keepTally(shown, { ...shown })).toBe(shown)
    expect(keepTally(shown, { ...shown, read: 2 })).toMatchObject({ read: 2 })
    expect(keepTally(undefined, shown)).toBe(shown)
    const untracked = { tracked: false, reason: 'off' } as const
    expect([keepTally(untracked, shown), keepTally(shown, untracked)]).toEqual([shown, untracked])
  })
})
