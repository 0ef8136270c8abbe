import type { IncomingMessage, Message } from 'readback/core'
import { describe, expect, it } from 'vitest'
import { joinIncoming, laterMessage, rowAccepted, rowFrom } from '../../src/sync/messageRows.js'

const incoming = (order: number, changes: Partial<IncomingMessage> = {}): IncomingMessage => ({
  conversationId: 'c', id: `m${order}`, at: { epoch: 0, order, id: `m${order}` }, from: 'ada', localId: 'l1', time: order * 10, body: { kind: 'text', text: 'hi' }, ...changes,
})
const echo: Message = { conversationId: 'c', from: 'ada', localId: 'l1', ids: [], at: null, time: 5, body: { kind: 'text', text: 'hi' }, outgoing: 'sending', echoOrder: 1 }

describe('rowFrom', () => {
  it('a message without a local id is known by its id', () => {
    const { localId: _, ...anonymous } = incoming(1)
    expect(rowFrom(anonymous)).toMatchObject({ localId: 'id:m1', ids: ['m1'] })
  })
})

describe('joinIncoming', () => {
  it('turns a local echo into an accepted row', () => {
    const row = joinIncoming(echo, incoming(3))
    expect(row).toMatchObject({ ids: ['m3'], at: { order: 3 }, time: 30 })
    expect(row).not.toHaveProperty('outgoing')
    expect(row).not.toHaveProperty('echoOrder')
  })

  it('a repeat changes nothing and returns the same row', () => {
    const row = rowFrom(incoming(1))
    expect(joinIncoming(row, incoming(1))).toBe(row)
  })

  it('a send that the wire stored twice stays one row at its first place, with both ids', () => {
    expect(joinIncoming(rowFrom(incoming(1)), incoming(2))).toMatchObject({ ids: ['m1', 'm2'], at: { order: 1 }, time: 10 })
  })

  it('[RS30] keeps the other places of what was stored several times, in order and each once', () => {
    const orders = (row: Message) => row.otherPlaces?.map(({ order }) => order)
    const row = [4, 2, 4, 3].reduce((each, order) => joinIncoming(each, incoming(order)), rowFrom(incoming(3)))
    expect(orders(row)).toEqual([2, 4])
    expect(joinIncoming(row, incoming(4))).toBe(row)
    const answered = rowAccepted(echo, { localId: 'l1', id: 'm2', at: incoming(2).at })
    expect([orders(answered), orders(joinIncoming(answered, incoming(1)))]).toEqual([undefined, [1]])
    const told = rowAccepted(joinIncoming(echo, incoming(1)), { localId: 'l1', id: 'm2', at: incoming(2).at })
    expect([orders(told), orders(joinIncoming(told, incoming(2)))]).toEqual([[2], [2]])
    // The answer named an id and no place, and its own event comes after that of the other.
    const placeless = joinIncoming(rowAccepted(echo, { localId: 'l1', id: 'm2' }), incoming(1))
    expect([orders(placeless), orders(joinIncoming(placeless, incoming(2)))]).toEqual([undefined, [2]])
  })

  it('[RS30] a place that the server lost before it was stored again is none', () => {
    const again = (epoch: number, order: number) => incoming(order, { at: { epoch, order, id: `m${order}` } })
    expect(joinIncoming(rowFrom(again(1, 6)), again(0, 5))).toMatchObject({ ids: ['m6', 'm5'], at: { epoch: 1 } })
    expect(joinIncoming(rowFrom(again(1, 6)), again(0, 5))).not.toHaveProperty('otherPlaces')
    expect(joinIncoming(rowFrom(again(0, 5)), again(1, 6))).toMatchObject({ at: { epoch: 0 }, otherPlaces: [{ epoch: 1, order: 6 }] })
  })

  it('[RS30] a message that moved within its epoch stands nowhere else, and what a wire says of other places is not believed', () => {
    const moved = (epoch: number) => joinIncoming(rowFrom(incoming(1)), incoming(1, { at: { epoch, order: 7, id: 'm1' } }))
    expect(moved(0)).not.toHaveProperty('otherPlaces')
    expect(moved(1)).toMatchObject({ at: { epoch: 0 }, otherPlaces: [{ epoch: 1 }] })
    expect(rowFrom({ ...incoming(1), otherPlaces: [incoming(9).at] } as IncomingMessage)).not.toHaveProperty('otherPlaces')
  })

  it('bears the time of the server as soon as that is told, also where the answer gave a place and none', () => {
    const accepted = rowAccepted(echo, { localId: 'l1', id: 'm3', at: { epoch: 0, order: 3, id: 'm3' } })
    expect([accepted.time, accepted.untimed]).toEqual([5, true])
    // Its other place, which has a time of its own.
    expect(joinIncoming(accepted, incoming(4))).toMatchObject({ time: 5, untimed: true })
    const row = joinIncoming(accepted, incoming(3))
    expect([row.time, 'untimed' in row]).toEqual([30, false])
    // The same moment by both clocks.
    expect(joinIncoming(accepted, incoming(3, { time: 5 }))).not.toHaveProperty('untimed')
    expect(rowAccepted({ ...accepted, at: null }, { localId: 'l1', id: 'm3', at: { epoch: 0, order: 3, id: 'm3' }, time: 5 })).not.toHaveProperty('untimed')
    expect(joinIncoming(row, incoming(3))).toBe(row)
  })

  it('the newest edit wins in any order, and the earliest recall', () => {
    const edited = incoming(1, { editedAt: 50, body: { kind: 'text', text: 'newer' } })
    const row = joinIncoming(rowFrom(edited), incoming(1, { editedAt: 40, body: { kind: 'text', text: 'older' }, recalledAt: 70 }))
    expect(row).toMatchObject({ editedAt: 50, body: { text: 'newer' }, recalledAt: 70 })
  })
})

describe('rowAccepted', () => {
  it('keeps its place among the echoes while the wire gives no point', () => {
    expect(rowAccepted(echo, { localId: 'l1', id: 'm1' })).toMatchObject({ ids: ['m1'], at: null, echoOrder: 1 })
  })
  it('takes the point and the time of the server', () => {
    const row = rowAccepted(echo, { localId: 'l1', id: 'm1', at: { epoch: 0, order: 1, id: 'm1' }, time: 99 })
    expect(row).toMatchObject({ at: { order: 1 }, time: 99 })
    expect(row).not.toHaveProperty('outgoing')
  })
})

describe('laterMessage', () => {
  it('an echo is later than everything placed, and a changed form of the same row replaces it', () => {
    const placed = rowFrom(incoming(1, { localId: 'other' }))
    expect(laterMessage(placed, echo)).toBe(echo)
    expect(laterMessage(echo, placed)).toBe(echo)
    const edited = { ...placed, editedAt: 1 }
    expect(laterMessage(placed, edited)).toBe(edited)
  })
})
