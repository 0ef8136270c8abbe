/** From messages to what a list shows, row by row. Pure; a row that did not change keeps its object, so that it does not render again. */
import { messageKey, type Message } from '../model/index.js'

/** One line of the list. A message's key is its `messageKey`; the separators before it carry that key too, so that older pages never rename them. */
export type ListRow =
  | { readonly kind: 'date'; readonly key: string; readonly time: number }
  | { readonly kind: 'unread'; readonly key: string }
  | MessageListRow

export interface MessageListRow {
  readonly kind: 'message'
  readonly key: string
  readonly message: Message
  readonly own: boolean
  /** First and last of an unbroken run of one sender. */
  readonly runStart: boolean
  readonly runEnd: boolean
}

export interface ListRows {
  readonly rows: readonly ListRow[]
  indexOf(key: string): number | undefined
  has(key: string): boolean
  /** What they were made of, and the map behind `indexOf`: the next list may go on from there. */
  readonly origin: { readonly input: ListRowsInput; readonly indexes: Map<string, number> } | null
}

export interface ListRowsInput {
  readonly messages: readonly Message[]
  /** While there is something older, nobody knows whether the first message begins its day: it gets no date, so that a page above never removes one. */
  readonly hasOlder: boolean
  readonly firstUnreadKey: string | null
  readonly isOwn: (message: Message) => boolean
}

/** Messages of one sender closer than this belong to one run, in milliseconds. */
export const RUN_GAP_MS = 5 * 60_000

export const NO_ROWS: ListRows = { rows: [], indexOf: () => undefined, has: () => false, origin: null }

/** Rows for `messages`, in order; takes over each row of `previous` that says the same. Messages added at the end cost only themselves. */
export function buildListRows(input: ListRowsInput, previous: ListRows = NO_ROWS): ListRows {
  const { origin } = previous
  if (origin === null || !continues(input, origin.input)) return listOf(rowsFrom(input, 0, [], previous), input, new Map())
  // The last row is made again: its run may go on.
  const kept = previous.rows.slice(0, -1)
  const last = previous.rows.at(-1)
  const open = last?.kind === 'message' ? last : null
  const from = kept.length
  return listOf(rowsFrom(input, origin.input.messages.length, kept, previous, open), input, origin.indexes, from)
}

/** Whether `input` is what was there with messages added behind it. Keys then keep their places, and one map serves both lists. */
function continues(input: ListRowsInput, before: ListRowsInput): boolean {
  return (
    input.hasOlder === before.hasOlder && input.firstUnreadKey === before.firstUnreadKey && input.isOwn === before.isOwn &&
    before.messages.length > 0 && input.messages.length >= before.messages.length && before.messages.every((message, index) => message === input.messages[index])
  )
}

function listOf(rows: readonly ListRow[], input: ListRowsInput, indexes: Map<string, number>, from = 0): ListRows {
  for (let index = from; index < rows.length; index++) indexes.set((rows[index] as ListRow).key, index)
  const indexOf = (key: string) => {
    const index = indexes.get(key)
    // A list made later may have added to the map.
    return index !== undefined && rows[index]?.key === key ? index : undefined
  }
  return { rows, indexOf, has: (key) => indexOf(key) !== undefined, origin: { input, indexes } }
}

/** `rows` and those of the messages from `first` on; `open` is the message before them, whose run is not ended yet. */
function rowsFrom({ messages, hasOlder, firstUnreadKey, isOwn }: ListRowsInput, first: number, rows: ListRow[], previous: ListRows, open: MessageListRow | null = null): readonly ListRow[] {
  const dayOf = dayCounter()
  const push = (row: ListRow) => {
    const before = previous.rows[previous.indexOf(row.key) ?? -1]
    rows.push(before !== undefined && sameRow(before, row) ? before : row)
  }
  let last = open
  let day = open === null ? Number.NaN : dayOf(open.message.time)
  for (let index = first; index < messages.length; index++) {
    const message = messages[index] as Message
    if (message.hidden === true) continue
    const key = messageKey(message)
    const today = dayOf(message.time)
    const newDay = today !== day && (last !== null || !hasOlder)
    const isFirstUnread = key === firstUnreadKey
    const goesOn = last !== null && !newDay && !isFirstUnread && sameRun(last.message, message)
    if (last !== null) push({ ...last, runEnd: !goesOn })
    if (newDay) push({ kind: 'date', key: `date:${key}`, time: message.time })
    if (isFirstUnread) push({ kind: 'unread', key: `unread:${key}` })
    last = { kind: 'message', key, message, own: isOwn(message), runStart: !goesOn, runEnd: true }
    day = today
  }
  if (last !== null) push({ ...last, runEnd: true })
  return rows
}

/**
 * Messages that came to the newest end: those unknown to `previous` behind its last message with a place of its own
 * (an echo stays last while others arrive before it). Empty when nothing of `previous` is left.
 */
export function appendedRows(previous: ListRows, next: ListRows): readonly MessageListRow[] {
  const last = previous.rows.findLast((row) => row.kind === 'message' && row.message.at !== null) ?? previous.rows.at(-1)
  const from = last === undefined ? undefined : next.indexOf(last.key)
  if (from === undefined) return []
  return next.rows.slice(from + 1).filter((row): row is MessageListRow => row.kind === 'message' && !previous.has(row.key))
}

function sameRun(a: Message, b: Message): boolean {
  return a.from === b.from && a.body.kind !== 'system' && b.body.kind !== 'system' && Math.abs(b.time - a.time) <= RUN_GAP_MS
}

function sameRow(a: ListRow, b: ListRow): boolean {
  if (a.kind === 'message') return b.kind === 'message' && a.message === b.message && a.own === b.own && a.runStart === b.runStart && a.runEnd === b.runEnd
  return a.kind === 'date' ? b.kind === 'date' && a.time === b.time : b.kind === 'unread'
}

/** Start of the local calendar day of a time. Remembers the last day: neighbours share it, and a Date costs more than two comparisons. */
function dayCounter(): (time: number) => number {
  let start = Number.POSITIVE_INFINITY
  let end = Number.NEGATIVE_INFINITY
  return (time) => {
    if ((time >= start && time < end) || !Number.isFinite(time)) return start
    const date = new Date(time)
    start = new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
    end = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime()
    return start
  }
}
