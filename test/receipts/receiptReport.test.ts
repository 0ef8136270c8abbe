import fc from 'fast-check'
import { applyReceipt, hasReached, messagesBetween, receiptReport, timeOf, type MemberState, type Message } from 'readback'
import { describe, expect, it } from 'vitest'
import { createReceiptIndex } from '../../src/receipts/receiptIndex.js'
import { aPoint, aReceipt, aRoster, at, someone, stateOf, textAt } from './arbitraries.js'

const read = (who: string, order: number, time?: number): MemberState => applyReceipt(stateOf(who), { kind: 'read', points: [at(order)], ...(time === undefined ? {} : { time }) })

describe('receiptReport', () => {
  it('[RS23] says who read an announcement, how fast, and who has not', () => {
    const announcement = textAt(at(5), 'ann', { time: 1_000 })
    const members = ['ann', 'bob', 'cem', 'dee', 'eve'].map((userId) => someone(userId))
    const report = receiptReport({ messages: [announcement], members, states: [read('bob', 5, 4_000), read('cem', 5, 2_000), read('dee', 5)] })
    expect(report.messages[0]).toEqual({
      message: announcement, of: 4, read: 3, unread: ['eve'], share: 0.75,
      readers: [{ userId: 'cem', timeToReadMs: 1_000 }, { userId: 'bob', timeToReadMs: 3_000 }, { userId: 'dee', timeToReadMs: null }],
      timeToRead: { known: 2, medianMs: 2_000, p90Ms: 3_000 },
    })
    expect(report.members.map(({ userId, read: count, of }) => [userId, count, of])).toEqual([['bob', 1, 1], ['cem', 1, 1], ['dee', 1, 1], ['eve', 0, 1]])
    expect(report.members[3]!.unread).toEqual([announcement])
    expect(report.share).toBe(0.75)
  })

  it('[RS23] adds several up, and puts readers of unknown time last, in the order of the roster', () => {
    const [first, second] = [textAt(at(1), 'ann'), textAt(at(2), 'ann')]
    const members = ['ann', 'bob', 'cem', 'dee', 'eve'].map((userId) => someone(userId))
    const report = receiptReport({ messages: [first, second], members, states: [read('bob', 1), read('cem', 1, 5_000), read('dee', 1), read('eve', 1, 3_000)] })
    expect(report.messages.map((message) => [message.read, message.of, message.share])).toEqual([[4, 4, 1], [0, 4, 0]])
    expect(report.messages[0]!.readers.map(({ userId }) => userId)).toEqual(['eve', 'cem', 'bob', 'dee'])
    expect(report.share).toBe(0.5)
  })

  it('[RS23] [RS30] counts who read one of the places of what was stored twice, when they first did', () => {
    const twice = textAt(at(2), 'ann', { otherPlaces: [at(5)], time: 1_000 })
    const both = applyReceipt(read('dee', 2, 9_000), { kind: 'read', points: [at(5)], time: 4_000 })
    const report = receiptReport({ messages: [twice], members: ['ann', 'bob', 'cem', 'dee', 'eve', 'fay'].map((userId) => someone(userId)), states: [read('bob', 5, 3_000), read('cem', 2, 2_000), both, read('eve', 3), read('fay', 5)] })
    expect(report.messages[0]!.readers).toEqual([{ userId: 'cem', timeToReadMs: 1_000 }, { userId: 'bob', timeToReadMs: 2_000 }, { userId: 'dee', timeToReadMs: 3_000 }, { userId: 'fay', timeToReadMs: null }])
    expect(report.messages[0]!.unread).toEqual(['eve'])
  })

  it('[RS23] leaves out what cannot be read any more, and says nothing of nobody', () => {
    const gone = [textAt(at(1), 'ann', { recalledAt: 2, deletedAt: 3 }), textAt(at(2), 'ann', { deletedAt: 2 }), textAt(null, 'ann'), textAt(at(3), 'ann', { body: { kind: 'system', text: '' } })]
    expect(receiptReport({ messages: gone, members: [someone('bob')], states: [] })).toEqual({ messages: [], untracked: [], members: [], share: null, timeToRead: { known: 0, medianMs: null, p90Ms: null } })
    expect(receiptReport({ messages: [textAt(at(1), 'ann')], members: [someone('ann')], states: [] })).toMatchObject({ share: null, messages: [{ of: 0, share: null }] })
  })

  it('[RS23] [RS32] of what was recalled says just that, whoever read it and whatever else is to be said', () => {
    const [kept, recalled] = [textAt(at(1), 'ann'), textAt(at(2), 'ann', { recalledAt: 5 })]
    for (const reason of [null, 'tooLarge'] as const) {
      const report = receiptReport({ messages: [kept, recalled], members: [someone('bob')], states: [read('bob', 2)], whyUntracked: ({ recalledAt }) => (recalledAt === undefined ? null : reason) })
      expect(report).toMatchObject({ messages: [{ message: kept }], untracked: [{ message: recalled, reason: 'recalled' }], members: [{ of: 1, unread: [kept] }], share: 0 })
    }
  })

  it('[RS23] how long it took nobody knows where the server gave no time of the sending', () => {
    const untimed = textAt(at(1), 'ann', { time: 1_000, untimed: true })
    const report = receiptReport({ messages: [untimed], members: [someone('bob'), someone('cem')], states: [read('bob', 1, 4_000), read('cem', 1)] })
    expect(report.messages[0]).toMatchObject({ read: 2, readers: [{ userId: 'bob', timeToReadMs: null }, { userId: 'cem', timeToReadMs: null }] })
    expect(report.timeToRead).toEqual({ known: 0, medianMs: null, p90Ms: null })
  })

  it('[RS23] a reading before the sending, by somebody\'s clock, took no time', () => {
    expect(receiptReport({ messages: [textAt(at(1), 'ann', { time: 9_000 })], members: [someone('bob')], states: [read('bob', 1, 10)] }).timeToRead).toEqual({ known: 1, medianMs: 0, p90Ms: 0 })
  })

  it('[RS23] agrees with the badge, and with counting everybody by hand', () => {
    const aCase = fc.tuple(aRoster, fc.array(fc.tuple(fc.nat(6), aReceipt), { maxLength: 12 }), fc.uniqueArray(fc.tuple(aPoint, fc.nat(7)), { maxLength: 6, selector: ([point]) => JSON.stringify(point) }))
    fc.assert(fc.property(aCase, ([members, receipts, places]) => {
      const states = new Map<string, MemberState>()
      for (const [who, receipt] of receipts) states.set(`u${who}`, applyReceipt(states.get(`u${who}`) ?? stateOf(`u${who}`), receipt))
      const messages: Message[] = places.map(([place, from]) => textAt(place, `u${from}`))
      const report = receiptReport({ messages, members, states: [...states.values()] })
      const index = createReceiptIndex()
      index.setRoster(members)
      index.setStates([...states.values()])
      const all: number[] = []
      report.messages.forEach(({ message, readers, unread, of, timeToRead }) => {
        expect({ read: readers.length, of }).toEqual((({ read: x, of: n }) => ({ read: x, of: n }))(index.reach(message)))
        const times = readers.map(({ userId }) => timeOf(states.get(userId)!, 'read', message.at!)).filter((time) => time !== null).map((time) => Math.max(0, time - message.time)).sort((a, b) => a - b)
        all.push(...times)
        expect(timeToRead.known).toBe(times.length)
        expect(readers.every(({ userId }) => hasReached(states.get(userId)!, 'read', message.at!))).toBe(true)
        expect(new Set([...unread, ...readers.map(({ userId }) => userId)]).size).toBe(of)
      })
      all.sort((a, b) => a - b)
      const { medianMs, p90Ms } = report.timeToRead
      if (all.length === 0) expect([medianMs, p90Ms]).toEqual([null, null])
      else {
        expect(all.filter((time) => time <= p90Ms!).length).toBeGreaterThanOrEqual(0.9 * all.length)
        expect(all.filter((time) => time < p90Ms!).length).toBeLessThan(0.9 * all.length)
        expect(Math.abs(all.filter((time) => time < medianMs!).length - all.filter((time) => time > medianMs!).length)).toBeLessThanOrEqual(all.filter((time) => time === medianMs).length)
      }
      expect(report.members.reduce((sum, { read: count }) => sum + count, 0)).toBe(report.messages.reduce((sum, { readers }) => sum + readers.length, 0))
      expect(report.members.reduce((sum, { of }) => sum + of, 0)).toBe(report.messages.reduce((sum, { of }) => sum + of, 0))
    }))
  })
})

describe('messagesBetween', () => {
  it('[RS23] takes both ends, and no echoes', () => {
    const rows = [1, 2, 3, 4].map((order) => textAt(at(order)))
    expect(messagesBetween([...rows, textAt(null)], at(2), at(3))).toEqual([rows[1], rows[2]])
  })
})

describe('a report of what was only counted, and of who was silent', () => {
  const members = ['ann', 'bob', 'cem', 'dee'].map((userId) => someone(userId))
  it('[RS23] [RS25] counts readers that have no name, at most N', () => {
    const report = (readCount: number) => receiptReport({ messages: [textAt(at(5), 'ann', { readCount })], members, states: [applyReceipt(stateOf('bob'), { kind: 'read', upTo: at(5) })] })
    expect([report(0), report(2), report(99)].map(({ share, messages: [each] }) => [each!.read, each!.of, each!.share, share])).toEqual([[1, 3, 1 / 3, 1 / 3], [2, 3, 2 / 3, 2 / 3], [3, 3, 1, 1]])
  })
  it('[RS23] [RS25] says of nobody that they read because somebody was counted who may have left', () => {
    const left = [...members.slice(0, 2), someone('cem', null, at(7))]
    const report = (readCount: number) => receiptReport({ messages: [textAt(at(5), 'ann', { readCount })], members: left, states: [] })
    expect([1, 2].map((count) => report(count).messages[0])).toMatchObject([{ read: 1, of: 2, readers: [], unread: ['bob'], share: 0.5 }, { read: 2, of: 2, readers: [], share: 1 }])
  })
  it('[RS23] [RS9] a message without a number is left out of everything else, and has its reason', () => {
    const [first, second] = [textAt(at(1), 'ann'), textAt(at(2), 'ann')]
    const states = [applyReceipt(stateOf('bob'), { kind: 'read', upTo: at(1) })]
    const report = receiptReport({ messages: [first, second], members, states, whyUntracked: (_message, read) => (read === 0 ? 'tooLarge' : null) })
    expect(report).toMatchObject({ messages: [{ message: first, read: 1, of: 3 }], untracked: [{ message: second, reason: 'tooLarge' }], share: 1 / 3 })
    expect(report.members.map(({ userId, unread }) => [userId, unread])).toEqual([['bob', []], ['cem', [first]], ['dee', [first]]])
  })
  it('[RS23] [RS21] waits for nobody who was silent, as the badge', () => {
    const states = [applyReceipt(stateOf('bob'), { kind: 'read', upTo: at(1), time: 10 })]
    const report = (silentAfterMs?: number) => receiptReport({ messages: [textAt(at(5), 'ann', { time: 10_000 })], members, states, ...(silentAfterMs === undefined ? {} : { silentAfterMs }) })
    expect([report().messages[0]!.unread, report(5_000).messages[0]!.unread]).toEqual([['bob', 'cem', 'dee'], ['cem', 'dee']])
    const untimed = receiptReport({ messages: [textAt(at(5), 'ann', { time: 10_000, untimed: true })], members, states, silentAfterMs: 5_000 })
    expect(untimed.messages[0]!.unread).toEqual(['bob', 'cem', 'dee'])
  })
})
