import type { VirtualItem } from '@tanstack/react-virtual'
import { describe, expect, it } from 'vitest'
import type { Message } from 'readback/core'
import { holdAnchor, rowsInView } from '../../src/components/listAnchor.js'
import { buildListRows, type ListRows } from '../../src/components/listRows.js'

const NOON = new Date(2026, 2, 10, 12).getTime()
const message = (order: number, from = `p${order}`): Message => ({
  conversationId: 'c1', from, localId: `l${order}`, ids: [`m${order}`], at: { epoch: 0, order, id: `m${order}` }, time: NOON + order * 1000, body: { kind: 'text', text: 'hi' },
})
const rowsOf = (messages: readonly Message[], hasOlder = false) => buildListRows({ messages, hasOlder, firstUnreadKey: null, isOwn: () => false })
/** Every row 100 px. */
const items = ({ rows }: ListRows) => rows.map(({ key }, index): VirtualItem => ({ key, index, start: index * 100, end: index * 100 + 100, size: 100, lane: 0 }))
const view = (list: ListRows, top: number) => rowsInView(items(list), list, top, 250)
const idOf = (held: ReturnType<typeof holdAnchor>) => held?.row.message.localId

describe('rowsInView', () => {
  it('notes the messages in the viewport with their distance from its top, and no separator', () => {
    const list = rowsOf([message(1), message(2), message(3), message(4)])
    expect(view(list, 0).map(({ row, topPx }) => [row.message.localId, topPx])).toEqual([['l1', 100], ['l2', 200]])
    expect(view(list, 150).map(({ row, topPx }) => [row.message.localId, topPx])).toEqual([['l1', -50], ['l2', 50], ['l3', 150]])
  })
})

describe('holdAnchor', () => {
  it('is the first message that begins in the viewport', () => {
    const list = rowsOf([message(1), message(2), message(3)])
    expect(idOf(holdAnchor(view(list, 150), list))).toBe('l2')
  })

  it('passes over a message that loses its name to a page above', () => {
    const before = rowsOf([message(5, 'ada'), message(6, 'ada'), message(7, 'ada')], true)
    const after = rowsOf([message(4, 'ada'), message(5, 'ada'), message(6, 'ada'), message(7, 'ada')], true)
    expect(idOf(holdAnchor(view(before, 0), after))).toBe('l6')
  })

  it('passes over messages that are gone', () => {
    const before = rowsOf([message(1), message(2), message(3), message(4)], true)
    expect(idOf(holdAnchor(view(before, 0), rowsOf([message(3), message(4)], true)))).toBe('l3')
    expect(holdAnchor(view(before, 0), rowsOf([message(8)]))).toBeNull()
  })

  it('is the message that fills the viewport when none begins there', () => {
    const list = rowsOf([message(1)], true)
    const tall: VirtualItem[] = [{ key: list.rows[0]?.key as string, index: 0, start: 0, end: 5000, size: 5000, lane: 0 }]
    const held = holdAnchor(rowsInView(tall, list, 1000, 250), list)
    expect([idOf(held), held?.topPx]).toEqual(['l1', -1000])
  })

  it('is what was kept before, while that is there and bears its name as before', () => {
    const list = rowsOf([message(1), message(2), message(3)])
    const kept = list.rows.find((row) => row.kind === 'message' && row.message.localId === 'l2')?.key as string
    expect(idOf(holdAnchor(view(list, 0), list, kept))).toBe('l2')
    const before = rowsOf([message(5, 'ada'), message(6, 'ada')], true)
    const after = rowsOf([message(4, 'ada'), message(5, 'ada'), message(6, 'ada')], true)
    expect(idOf(holdAnchor(view(before, 0), after, before.rows.find(({ kind }) => kind === 'message')?.key))).toBe('l6')
  })
})
