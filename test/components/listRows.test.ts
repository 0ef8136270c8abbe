import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { messageKey, type Message } from 'readback/core'
import { appendedRows, buildListRows, NO_ROWS, RUN_GAP_MS, type ListRows, type ListRowsInput } from '../../src/components/listRows.js'

const NOON = new Date(2026, 2, 10, 12).getTime()
const DAY = 86_400_000

const message = (order: number, change: Partial<Message> = {}): Message => ({
  conversationId: 'c1', from: 'ada', localId: `l${order}`, ids: [`m${order}`], at: { epoch: 0, order, id: `m${order}` }, time: NOON + order * 1000,
  body: { kind: 'text', text: 'hi' }, ...change,
})
const rowsOf = (messages: readonly Message[], change: Partial<ListRowsInput> = {}, previous?: ListRows) =>
  buildListRows({ messages, hasOlder: false, firstUnreadKey: null, isOwn: (m) => m.from === 'me', ...change }, previous)
const shape = ({ rows }: ListRows) => rows.map((row) => (row.kind === 'message' ? row.message.localId : row.kind))
const runs = ({ rows }: ListRows) => rows.flatMap((row) => (row.kind === 'message' ? [`${row.message.localId}${row.runStart ? ' start' : ''}${row.runEnd ? ' end' : ''}`] : []))

describe('buildListRows', () => {
  it('puts a date before the first message of each local day', () => {
    expect(shape(rowsOf([message(1), message(2), message(3, { time: NOON + DAY })]))).toEqual(['date', 'l1', 'l2', 'date', 'l3'])
  })

  it('leaves the first message without a date while something older may share its day', () => {
    expect(shape(rowsOf([message(1), message(2, { time: NOON + DAY })], { hasOlder: true }))).toEqual(['l1', 'date', 'l2'])
  })

  it('names separators after the message below, so that an older page renames none', () => {
    const before = rowsOf([message(5, { time: NOON }), message(6, { time: NOON + DAY })], { hasOlder: true })
    const after = rowsOf([message(4, { time: NOON - DAY }), message(5, { time: NOON }), message(6, { time: NOON + DAY })], { hasOlder: true }, before)
    for (const row of before.rows) expect(after.has(row.key)).toBe(true)
    expect(shape(after)).toEqual(['l4', 'date', 'l5', 'date', 'l6'])
  })

  it('puts the unread separator right above the first unread message, below its date', () => {
    const rows = rowsOf([message(1), message(2, { time: NOON + DAY }), message(3)], { firstUnreadKey: messageKey(message(2)) })
    expect(shape(rows)).toEqual(['date', 'l1', 'date', 'unread', 'l2', 'date', 'l3'])
  })

  it('joins messages of one sender to runs, ended by time, sender, day, separator and system messages', () => {
    const rows = rowsOf([
      message(1), message(2), message(3, { time: NOON + 2000 + RUN_GAP_MS + 1 }), message(4, { from: 'ben', time: NOON + 400_000 }),
      message(5, { from: 'ben', time: NOON + 401_000 }), message(6, { from: 'ben', time: NOON + 402_000, body: { kind: 'system', text: 'x' } }),
      message(7, { from: 'ben', time: NOON + 403_000 }), message(8, { from: 'ben', time: NOON + DAY }),
    ], { firstUnreadKey: messageKey(message(2)) })
    expect(runs(rows)).toEqual(['l1 start end', 'l2 start end', 'l3 start end', 'l4 start', 'l5 end', 'l6 start end', 'l7 start end', 'l8 start end'])
  })

  it('keeps the rows that say the same when a message is appended', () => {
    const messages = [message(1), message(2), message(3)]
    const before = rowsOf(messages)
    const after = rowsOf([...messages, message(4)], {}, before)
    expect(after.rows.slice(0, 3)).toEqual(before.rows.slice(0, 3))
    expect(after.rows.map((row, index) => row === before.rows[index])).toEqual([true, true, true, false, false])
    expect(runs(after)).toEqual(['l1 start', 'l2', 'l3', 'l4 end'])
  })

  it('says the same of a list that goes on as of one made anew, and of the list it went on from', () => {
    const all = Array.from({ length: 60 }, (_, order) => message(order, {
      from: 'abc'[Math.floor(order / 3) % 3] as string, time: NOON + order * 40 * 60_000, ...(order % 11 === 4 && { hidden: true }), ...(order % 13 === 5 && { body: { kind: 'system', text: 'x' } }),
    }))
    const input = { isOwn: (m: Message) => m.from === 'a', firstUnreadKey: messageKey(all[40] as Message) }
    let list = rowsOf(all.slice(0, 1), input)
    for (let length = 1; length <= all.length; length += 1 + (length % 4)) {
      const before = list
      const keys = before.rows.map(({ key }) => key)
      list = rowsOf(all.slice(0, length), input, before)
      expect(list.rows).toEqual(rowsOf(all.slice(0, length), input).rows)
      expect(list.rows.map(({ key }) => list.indexOf(key))).toEqual(list.rows.map((_, index) => index))
      expect(keys.map((key) => before.indexOf(key))).toEqual(keys.map((_, index) => index))
      expect(before.has(list.rows.at(-1)?.key as string)).toBe(keys.includes(list.rows.at(-1)?.key as string))
    }
  })

  it('leaves out messages hidden on my devices', () => {
    expect(shape(rowsOf([message(1), message(2, { hidden: true }), message(3)]))).toEqual(['date', 'l1', 'l3'])
  })

  it('keeps a message without a usable time on the day before it', () => {
    expect(shape(rowsOf([message(1), message(2, { time: Number.NaN })]))).toEqual(['date', 'l1', 'l2'])
  })

  it('says of each message whether it is own', () => {
    expect(rowsOf([message(1, { from: 'me' }), message(2)]).rows.flatMap((row) => (row.kind === 'message' ? [row.own] : []))).toEqual([true, false])
  })
})

describe('appendedRows', () => {
  const ids = (previous: ListRows, next: ListRows) => appendedRows(previous, next).map((row) => row.message.localId)

  it('finds what came to the newest end and not what came to the oldest', () => {
    const before = rowsOf([message(5), message(6)])
    expect(ids(before, rowsOf([message(4), message(5), message(6), message(7)]))).toEqual(['l7'])
  })

  it('finds messages that arrived before an echo, and not the echo when it is placed', () => {
    const echo = message(9, { at: null })
    const before = rowsOf([message(1), echo])
    expect(ids(before, rowsOf([message(1), message(2), echo]))).toEqual(['l2'])
    expect(ids(before, rowsOf([message(1), message(9), message(10)]))).toEqual(['l10'])
  })

  it('finds nothing in a window that shares nothing with the one before', () => {
    expect(ids(rowsOf([message(1)]), rowsOf([message(50), message(51)]))).toEqual([])
    expect(ids(NO_ROWS, rowsOf([message(1)]))).toEqual([])
  })
})

describe('a list that goes on from another', () => {
  /** Steps of minutes up to a day: runs, new runs and new days. */
  const line = fc.record({ from: fc.constantFrom('ada', 'ben', 'me'), gapMs: fc.constantFrom(1000, RUN_GAP_MS + 1, DAY), hidden: fc.boolean(), system: fc.constantFrom(false, false, true) })
  const step = fc.record({ side: fc.constantFrom('above', 'below', 'both', 'none'), lines: fc.array(line, { maxLength: 5 }), hasOlder: fc.boolean() })
  const isOwn = ({ from }: Message) => from === 'me'

  it('is the same as one made anew, whatever came at either end', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.array(step, { maxLength: 8 }), fc.nat(12), (start, steps, unread) => {
        let [lowest, highest] = [0, 0]
        const make = ({ from, hidden, system }: { from: string; hidden: boolean; system: boolean }, order: number, time: number) =>
          message(order, { from, time, ...(hidden && { hidden }), ...(system && { body: { kind: 'system', text: 'joined' } }) })
        let messages: readonly Message[] = []
        const below = (lines: typeof start) => {
          for (const each of lines) messages = [...messages, make(each, highest++, (messages.at(-1)?.time ?? NOON) + each.gapMs)]
        }
        const above = (lines: typeof start) => {
          for (const each of lines) messages = [make(each, --lowest, (messages[0]?.time ?? NOON) - each.gapMs), ...messages]
        }
        below(start)
        const firstUnreadKey = messages[unread] === undefined ? null : messageKey(messages[unread])
        let list = buildListRows({ messages, hasOlder: true, firstUnreadKey, isOwn })
        for (const { side, lines, hasOlder } of steps) {
          if (side === 'above' || side === 'both') above(lines)
          if (side === 'below' || side === 'both') below(lines)
          const input = { messages, hasOlder, firstUnreadKey, isOwn }
          const older = list
          list = buildListRows(input, list)
          const anew = buildListRows(input)
          expect(list.rows).toEqual(anew.rows)
          for (const [index, row] of anew.rows.entries()) expect(list.indexOf(row.key)).toBe(index)
          for (const [index, row] of older.rows.entries()) expect(older.indexOf(row.key)).toBe(index)
          for (const row of older.rows) expect(list.has(row.key)).toBe(anew.has(row.key))
        }
      }),
      { numRuns: 500, seed: 20_261_121 },
    )
  })

  it('keeps the rows below a page, all but the first', () => {
    const all = Array.from({ length: 30 }, (_, index) => message(index))
    const before = rowsOf(all.slice(10), { isOwn })
    const after = rowsOf(all, { isOwn }, before)
    const kept = before.rows.filter((row) => after.rows.includes(row))
    expect(kept).toHaveLength(before.rows.length - 2)
  })
})
