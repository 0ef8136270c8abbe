import { messageKey, type Message } from 'readback/core'
import { describe, expect, it } from 'vitest'
import { addPage, cutAtGaps, mergeRows, removeRow } from '../../src/store/windows.js'
import { CLOSED_WINDOW, MAX_WINDOW_ROWS, type MessageWindow } from '../../src/store/windowTypes.js'

const row = (order: number, changes: Partial<Message> = {}): Message => ({
  conversationId: 'c', from: 'ada', localId: `l${order}`, ids: [`m${order}`], at: { epoch: 0, order, id: `m${order}` }, time: order, body: { kind: 'text', text: String(order) }, ...changes,
})
const echo = (echoOrder: number): Message => ({ conversationId: 'c', from: 'me', localId: `e${echoOrder}`, ids: [], at: null, time: 0, body: { kind: 'text', text: 'echo' }, outgoing: 'sending', echoOrder })
const open = (messages: readonly Message[], changes: Partial<MessageWindow> = {}): MessageWindow => ({ ...CLOSED_WINDOW, status: 'ready', loading: 'none', messages, ...changes })
const orders = (window: MessageWindow) => window.messages.map((each) => each.at?.order ?? `e${each.echoOrder}`)
const run = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => row(from + i))

describe('mergeRows', () => {
  it('appends new rows and keeps local echoes last, as they were queued', () => {
    const window = open([row(1), echo(7)])
    expect(orders(mergeRows(window, [row(3), echo(8), row(2)]))).toEqual([1, 2, 3, 'e7', 'e8'])
  })

  it('keeps the identity of rows that did not change, and of the window when nothing did', () => {
    const first = row(1)
    const window = open([first, row(2)], { hasOlder: true })
    const next = mergeRows(window, [row(2, { editedAt: 5 })])
    expect(next.messages[0]).toBe(first)
    expect(next.messages[1]!.editedAt).toBe(5)
    expect(mergeRows(next, [row(0)])).toBe(next)
  })

  it('moves an echo to its place when it is accepted', () => {
    const sent = echo(7)
    const window = open([row(1), sent, echo(8)])
    const { outgoing: _, echoOrder: __, ...accepted } = { ...sent, at: { epoch: 0, order: 2, id: 'm2' }, ids: ['m2'] }
    expect(orders(mergeRows(window, [accepted]))).toEqual([1, 2, 'e8'])
  })

  it('leaves out what lies beyond an end that is not the end of history', () => {
    const window = open([row(5), row(6)], { hasOlder: true, hasNewer: true })
    expect(mergeRows(window, [row(4), row(7), echo(1)])).toBe(window)
    expect(orders(mergeRows({ ...window, hasNewer: false }, [row(4), row(7), echo(1)]))).toEqual([5, 6, 7, 'e1'])
    expect(orders(mergeRows({ ...window, hasOlder: false }, [row(4)]))).toEqual([4, 5, 6])
  })

  it('takes hidden rows away', () => {
    expect(orders(mergeRows(open([row(1), row(2)]), [row(1, { hidden: true })]))).toEqual([2])
  })

  it.each([
    ['hidden', (window: MessageWindow) => mergeRows(window, [row(5, { hidden: true }), row(6, { hidden: true })])],
    ['taken out', (window: MessageWindow) => removeRow(removeRow(window, messageKey(row(6))), messageKey(row(5)))],
  ] as const)('takes in nothing from before missing history once its last row was %s', (_how, empty) => {
    const window = empty(open([row(5), row(6)], { hasOlder: true }))
    expect(orders(window)).toEqual([])
    expect(orders(mergeRows(window, [row(4, { recalledAt: 9 }), row(7)]))).toEqual([7])
    expect(orders(mergeRows(empty(open([row(5), row(6)])), [row(4)]))).toEqual([4])
  })

  it('lets the oldest rows go when it grows at the newest end, and says that there are older ones', () => {
    const window = open(run(1, MAX_WINDOW_ROWS))
    const next = mergeRows(window, [row(MAX_WINDOW_ROWS + 1)])
    expect(next.messages).toHaveLength(MAX_WINDOW_ROWS)
    expect(next.messages[0]!.at!.order).toBe(2)
    expect(next.hasOlder).toBe(true)
  })

  it('lets the newest rows go while the reader goes back', () => {
    const window = open(run(1, MAX_WINDOW_ROWS), { lean: 'older' })
    const next = mergeRows(window, [row(MAX_WINDOW_ROWS + 1)])
    expect(orders(next)).toEqual(orders(window))
    expect(next.hasNewer).toBe(true)
  })

  it('keeps all that waits to be sent, however much it is: no page would bring it again', () => {
    const waiting = Array.from({ length: MAX_WINDOW_ROWS + 100 }, (_, n) => echo(n))
    const window = open([...run(1, 3), ...waiting])
    expect(orders(mergeRows(window, [row(4)]))).toEqual([1, 2, 3, 4, ...waiting.map(({ echoOrder }) => `e${echoOrder}`)])
    const full = mergeRows(open([...run(1, MAX_WINDOW_ROWS), ...waiting]), [row(MAX_WINDOW_ROWS + 1)])
    expect([full.messages.length, full.messages[0]!.at!.order, full.hasOlder]).toEqual([MAX_WINDOW_ROWS + waiting.length, 2, true])
  })

  it('lets what waits to be sent go with the newest rows, which it stands behind', () => {
    const next = mergeRows(open([...run(1, MAX_WINDOW_ROWS), echo(1)], { lean: 'older' }), [row(MAX_WINDOW_ROWS + 1)])
    expect([next.messages.length, next.messages.at(-1)!.at!.order, next.hasNewer]).toEqual([MAX_WINDOW_ROWS, MAX_WINDOW_ROWS, true])
  })
})

describe('a message that failed', () => {
  const after = (order: number, echoOrder = 1): Message => ({ ...echo(echoOrder), outgoing: 'failed', failedAfter: { epoch: 0, order, id: `m${order}` } })

  it('stays where it failed, above what is newer; one that is on its way stays last', () => {
    const window = mergeRows(open([row(1), row(2), echo(1), echo(2)]), [after(2)])
    expect(orders(mergeRows(window, [row(3), row(4)]))).toEqual([1, 2, 'e1', 3, 4, 'e2'])
    expect(orders(mergeRows(open([]), [{ ...after(0, 5), failedAfter: null }, row(1), after(1, 4), after(1, 3)]))).toEqual(['e5', 1, 'e3', 'e4'])
  })

  it('goes last when it is sent again, or out of a window whose end is elsewhere', () => {
    const window = open([row(1), after(1), row(2)])
    expect(orders(mergeRows(window, [echo(1)]))).toEqual([1, 2, 'e1'])
    expect(orders(mergeRows({ ...window, hasNewer: true }, [echo(1)]))).toEqual([1, 2])
  })

  it('is paged in and cut with the messages around it', () => {
    const window = open([row(5)], { hasOlder: true, hasNewer: true })
    expect(orders(addPage(window, [row(3), row(4), after(3), after(1, 2), after(7, 3), echo(4)], 'older', true))).toEqual([3, 'e1', 4, 5])
    const whole = open([row(1), after(1), row(2), row(3), echo(9)])
    expect(orders(cutAtGaps(whole, [{ after: row(1).at, before: row(2).at }]))).toEqual([2, 3, 'e9'])
    expect(orders(cutAtGaps({ ...whole, lean: 'older' }, [{ after: row(1).at, before: row(2).at }]))).toEqual([1, 'e1'])
  })
})

describe('addPage', () => {
  it('adds a page at either end, without repeating rows', () => {
    const window = open([row(5)], { hasOlder: true, hasNewer: true })
    const older = addPage(window, [row(3), row(4), row(5)], 'older', false)
    expect(orders(older)).toEqual([3, 4, 5])
    expect(older).toMatchObject({ hasOlder: false, hasNewer: true, loading: 'none', lean: 'older' })
    expect(orders(addPage(older, [row(6)], 'newer', false))).toEqual([3, 4, 5, 6])
  })

  it('never holds more than its limit, whichever way it is paged', () => {
    let window = open(run(1000, 1059), { hasOlder: true })
    for (let first = 940; first > 0; first -= 60) window = addPage(window, run(first, first + 59), 'older', true)
    expect(window.messages).toHaveLength(MAX_WINDOW_ROWS)
    expect(window.messages[0]!.at!.order).toBe(40)
    expect(window.hasNewer).toBe(true)
  })
})

describe('removeRow', () => {
  it('takes one row out, or returns the same window', () => {
    const window = open([row(1), row(2)])
    expect(orders(removeRow(window, messageKey(row(1))))).toEqual([2])
    expect(removeRow(window, 'nobody')).toBe(window)
  })
})

describe('cutAtGaps', () => {
  const at = (order: number) => ({ epoch: 0, order, id: `m${order}` })

  it('missing history below the window can be paged in', () => {
    const window = open(run(10, 12))
    expect(cutAtGaps(window, [{ after: null, before: at(10) }])).toMatchObject({ hasOlder: true, messages: window.messages })
  })

  it('rows on two sides of missing history never stand together: the side of the reader stays', () => {
    const rows = [...run(1, 3), ...run(10, 12), echo(1)]
    const gap = { after: at(3), before: at(10) }
    const atNewest = cutAtGaps(open(rows), [gap])
    expect(orders(atNewest)).toEqual([10, 11, 12, 'e1'])
    expect(atNewest.hasOlder).toBe(true)
    const atOlder = cutAtGaps(open(rows, { lean: 'older' }), [gap])
    expect(orders(atOlder)).toEqual([1, 2, 3])
    expect(atOlder.hasNewer).toBe(true)
  })

  it('missing history above the window waits to be paged in, and echoes with it', () => {
    const cut = cutAtGaps(open([...run(1, 3), echo(1)]), [{ after: at(3), before: null }])
    expect(orders(cut)).toEqual([1, 2, 3])
    expect(cut.hasNewer).toBe(true)
  })

  it('a window that no gap touches stays the same object', () => {
    const window = open(run(1, 3), { hasOlder: true })
    expect(cutAtGaps(window, [])).toBe(window)
    expect(cutAtGaps(window, [{ after: null, before: at(1) }])).toBe(window)
  })
})
