import type { Message, Point } from 'readback/core'
import { describe, expect, it } from 'vitest'
import { readStretches } from '../../src/sync/stretches.js'

const at = (order: number): Point => ({ epoch: 0, order, id: `m${order}` })
const row = (order: number, changes: Partial<Message> = {}): Message => ({ conversationId: 'c', from: 'ada', localId: `l${order}`, ids: [`m${order}`], at: at(order), time: order, body: { kind: 'text', text: '' }, ...changes })
const readOnly = (...orders: number[]) => (message: Message) => orders.includes(message.at!.order)
const ends = (ranges: readonly { from: Point; to: Point }[]) => ranges.map(({ from, to }) => [from.order, to.order])

describe('readStretches', () => {
  const rows = [1, 2, 3, 4, 5].map((order) => row(order))

  it('joins neighbours that are read, and stops at an unread one', () => {
    expect(ends(readStretches(rows, 'me', readOnly(1, 2, 4, 5), [at(2), at(4)], []))).toEqual([[1, 2], [4, 5]])
  })

  it('gives only stretches with something freshly read in them', () => {
    expect(ends(readStretches(rows, 'me', readOnly(1, 2, 4), [at(4)], []))).toEqual([[4, 4]])
  })

  it('own, system and recalled messages are neither counted nor in the way', () => {
    const mixed = [row(1), row(2, { from: 'me' }), row(3, { body: { kind: 'system', text: '' } }), row(4, { recalledAt: 9 }), row(5)]
    expect(ends(readStretches(mixed, 'me', readOnly(1, 5), [at(5)], []))).toEqual([[1, 5]])
  })

  it('a hidden message that is unread is in the way', () => {
    const mixed = [row(1), row(2, { hidden: true }), row(3)]
    expect(ends(readStretches(mixed, 'me', readOnly(1, 3), [at(3)], []))).toEqual([[3, 3]])
  })

  it('never reaches over missing history', () => {
    const gap = { conversationId: 'c', after: at(2), before: at(3) }
    expect(ends(readStretches(rows, 'me', readOnly(1, 2, 3, 4), [at(1), at(4)], [gap]))).toEqual([[1, 2], [3, 4]])
  })
})
