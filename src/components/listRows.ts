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
  readonly indexByKey: ReadonlyMap<string, number>
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

export const NO_ROWS: ListRows = { rows: [], indexByKey: new Map() }

/** Rows for `messages`, in order; takes over each row of `previous` that says the same. */
export function buildListRows(input: ListRowsInput, previous: ListRows = NO_ROWS): ListRows {
  const { firstUnreadKey, hasOlder, isOwn } = input
  const messages = input.messages.filter((message) => message.hidden !== true)
  const rows: ListRow[] = []
  const indexByKey = new Map<string, number>()
  const push = (row: ListRow) => {
    const known = previous.indexByKey.get(row.key)
    const before = known === undefined ? undefined : previous.rows[known]
    indexByKey.set(row.key, rows.length)
    rows.push(before !== undefined && sameRow(before, row) ? before : row)
  }

  const dayOf = dayCounter()
  let day = Number.NaN
  let startsRun = true
  messages.forEach((message, index) => {
    const key = messageKey(message)
    const next = messages[index + 1]
    const today = dayOf(message.time)
    const newDay = today !== day && (index > 0 || !hasOlder)
    if (newDay) push({ kind: 'date', key: `date:${key}`, time: message.time })
    if (key === firstUnreadKey) push({ kind: 'unread', key: `unread:${key}` })

    const runStart = startsRun || newDay || key === firstUnreadKey
    const endsRun = next === undefined || !sameRun(message, next) || dayOf(next.time) !== today || messageKey(next) === firstUnreadKey
    push({ kind: 'message', key, message, own: isOwn(message), runStart, runEnd: endsRun })
    startsRun = endsRun
    day = today
  })
  return { rows, indexByKey }
}

/**
 * Messages that came to the newest end: those unknown to `previous` behind its last message with a place of its own
 * (an echo stays last while others arrive before it). Empty when nothing of `previous` is left.
 */
export function appendedRows(previous: ListRows, next: ListRows): readonly MessageListRow[] {
  const last = previous.rows.findLast((row) => row.kind === 'message' && row.message.at !== null) ?? previous.rows.at(-1)
  const from = last === undefined ? undefined : next.indexByKey.get(last.key)
  if (from === undefined) return []
  return next.rows.slice(from + 1).filter((row): row is MessageListRow => row.kind === 'message' && !previous.indexByKey.has(row.key))
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
