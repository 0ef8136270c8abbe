import type { Message, Point } from 'readback/core'
import { describe, expect, it } from 'vitest'
import { readStretches, storedStretches } from '../../src/sync/stretches.js'

const at = (order: number): Point => ({ epoch: 0, order, id: `m${order}` })
const row = (order: number, changes: Partial<Message> = {}): Message => ({ conversationId: 'c', from: 'ada', localId: `l${order}`, ids: [`m${order}`], at: at(order), time: order, body: { kind: 'text', text: '' }, ...changes })
const readOnly = (...orders: number[]) => (message: Message) => orders.includes(message.at!.order)
const ends = (ranges: readonly { from: Point; to: Point }[]) => ranges.map(({ from, to }) => [from.order, to.order])

const KNOWN = { gaps: [], dense: true }

describe('readStretches', () => {
  const rows = [1, 2, 3, 4, 5].map((order) => row(order))

  it('joins neighbours that are read, and stops at an unread one', () => {
    expect(ends(readStretches(rows, 'me', readOnly(1, 2, 4, 5), [at(2), at(4)], KNOWN))).toEqual([[1, 2], [4, 5]])
  })

  it('gives only stretches with something freshly read in them', () => {
    expect(ends(readStretches(rows, 'me', readOnly(1, 2, 4), [at(4)], KNOWN))).toEqual([[4, 4]])
  })

  it('own, system and recalled messages are neither counted nor in the way', () => {
    const mixed = [row(1), row(2, { from: 'me' }), row(3, { body: { kind: 'system', text: '' } }), row(4, { recalledAt: 9 }), row(5)]
    expect(ends(readStretches(mixed, 'me', readOnly(1, 5), [at(5)], KNOWN))).toEqual([[1, 5]])
  })

  it('a hidden message that is unread is in the way', () => {
    const mixed = [row(1), row(2, { hidden: true }), row(3)]
    expect(ends(readStretches(mixed, 'me', readOnly(1, 3), [at(3)], KNOWN))).toEqual([[3, 3]])
  })

  it('never reaches over missing history', () => {
    const gap = { conversationId: 'c', after: at(2), before: at(3) }
    expect(ends(readStretches(rows, 'me', readOnly(1, 2, 3, 4), [at(1), at(4)], { gaps: [gap], dense: false }))).toEqual([[1, 2], [3, 4]])
  })

  it('[RS48] [RS18] never reaches over a number that is missing, where numbers are consecutive: that message may only be late', () => {
    const early = [row(1), row(3)]
    expect(ends(readStretches(early, 'me', readOnly(1, 3), [at(1), at(3)], KNOWN))).toEqual([[1, 1], [3, 3]])
    expect(ends(readStretches(early, 'me', readOnly(1, 3), [at(1), at(3)], { gaps: [], dense: false }))).toEqual([[1, 3]])
  })

  it('[RS49] [RS18] where only time orders, joins nothing between which a late message may still come, and the rest once none can', () => {
    const all = () => true
    expect(ends(readStretches(rows, 'me', all, [at(5)], { gaps: [], dense: false, settledUpTo: 3 }))).toEqual([[1, 3], [5, 5]])
    expect(ends(readStretches(rows, 'me', readOnly(1, 2, 4), [at(4)], { gaps: [], dense: false, settledUpTo: 3 }))).toEqual([[1, 2], [4, 4]])
    expect(ends(storedStretches(rows, 'me', [at(4), at(5)], { gaps: [], dense: false, settledUpTo: 2 }))).toEqual([[1, 2], [4, 4], [5, 5]])
    expect(ends(readStretches(rows, 'me', all, [at(5)], { gaps: [], dense: false, settledUpTo: Infinity }))).toEqual([[1, 5]])
  })

  it('[RS50] [RS18] never reaches into another epoch: its beginning may have taken the place of what the server lost', () => {
    const mixed = [row(1), row(2, { at: { epoch: 1, order: 2, id: 'm2' } })]
    expect(readStretches(mixed, 'me', () => true, mixed.map((one) => one.at!), KNOWN)).toHaveLength(2)
  })
})

describe('storedStretches', () => {
  it('[RS18] what is here was delivered, and nothing between that is not', () => {
    const rows = [row(1), row(2, { from: 'me' }), row(3), row(5), row(9)]
    expect(ends(storedStretches(rows, 'me', [at(3), at(5)], KNOWN))).toEqual([[1, 3], [5, 5]])
    expect(ends(storedStretches(rows, 'me', [at(9)], { gaps: [{ after: at(3), before: at(5) }], dense: false }))).toEqual([[5, 9]])
  })

  it('[RS18] and none ends at a message of mine, which may be here before what was written before it', () => {
    const rows = [row(1, { from: 'me' }), row(2), row(3, { from: 'me' }), row(8), row(20, { from: 'me' })]
    expect(ends(storedStretches(rows, 'me', [at(8)], { gaps: [], dense: false }))).toEqual([[2, 8]])
    expect(ends(storedStretches(rows, 'me', [at(8)], KNOWN))).toEqual([[8, 8]])
  })
})
