import { applyReceipt, emptyMemberState, timeOf, type MemberReceipt, type MemberState } from 'readback'
import { describe, expect, it } from 'vitest'
import { MAX_TIMES, withKeptTimes } from '../../src/receipts/keptTimes.js'
import { at } from './arbitraries.js'

const store = (state: MemberState, receipt: MemberReceipt) => withKeptTimes(state, applyReceipt(state, receipt))
const read = (state: MemberState, order: number, time: number) => store(state, { kind: 'read', points: [at(order)], time })

describe('times that are stored', () => {
  const many = Array.from({ length: MAX_TIMES + 101 }, (_, n) => n)
  const all = many.reduce((state, n) => read(state, n, 1_000 + n), emptyMemberState('ann'))

  it('[RS20] of too many readings those of the oldest messages are let go of, and nobody who read', () => {
    expect(all.times.read).toHaveLength(MAX_TIMES)
    expect([timeOf(all, 'read', at(100)), timeOf(all, 'read', at(101)), timeOf(all, 'read', at(MAX_TIMES + 100))]).toEqual([null, 1_101, 1_000 + MAX_TIMES + 100])
    expect(all.read.ranges).toHaveLength(many.length)
  })

  it('[RS20] the same whether they come from the oldest, from the newest, from neither or all at once', () => {
    const mixed = many.map((n) => (n * 7) % many.length)
    expect(mixed.reduce((state, n) => read(state, n, 1_000 + n), emptyMemberState('ann'))).toEqual(all)
    expect(many.toReversed().reduce((state, n) => read(state, n, 1_000 + n), emptyMemberState('ann'))).toEqual(all)
    const joined = many.reduce((state, n) => applyReceipt(state, { kind: 'read', points: [at(n)], time: 1_000 + n }), emptyMemberState('ann'))
    expect(withKeptTimes(emptyMemberState('ann'), joined)).toEqual(all)
  })

  it('[RS20] an earlier stretch over what was let go of may be known by another time elsewhere, never by another reader', () => {
    const stretch: MemberReceipt = { kind: 'read', ranges: [{ from: at(300), to: at(MAX_TIMES + 100) }], time: 5 }
    const [late, early] = [store(all, stretch), many.reduce((state, n) => read(state, n, 1_000 + n), store(emptyMemberState('ann'), stretch))]
    expect([timeOf(late, 'read', at(50)), timeOf(early, 'read', at(50))]).toEqual([null, 1_050])
    expect(late.read).toEqual(early.read)
  })

  it('[RS3] a time that was let go of moves nothing when it comes again', () => {
    expect(read(all, 100, 1_100)).toBe(all)
  })

  it('[RS3] who read it moves, though the time goes again at once', () => {
    const before = { ...all, read: { upTo: null, ranges: all.read.ranges.slice(1) } }
    const next = read(before, 0, 1_000)
    expect(next.read).toEqual(all.read)
    expect(next.times).toEqual(all.times)
  })

  it('[RS6] an earlier time of what is kept still takes its place', () => {
    expect(timeOf(read(all, 300, 7), 'read', at(300))).toBe(7)
    expect(read(all, 300, 7).times.read).toHaveLength(MAX_TIMES)
    const whole = store(all, { kind: 'read', upTo: at(MAX_TIMES + 100), time: 3 })
    expect(whole.times.read).toEqual([{ from: null, to: at(MAX_TIMES + 100), time: 3 }])
  })
})
