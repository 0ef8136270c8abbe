/** From messages to what a list shows, row by row. Pure; a row that did not change keeps its object, so that it does not render again. */
import { isCountable, messageKey, type Message } from '../model/index.js'

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
  /** What the next list may go on from. */
  readonly origin: ListRowsOrigin | null
}

/** What rows were made of, and the map behind `indexOf`: each place in it is `shift` less than it is. */
interface ListRowsOrigin {
  readonly input: ListRowsInput
  readonly indexes: Map<string, number>
  readonly shift: number
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

/** Rows for `messages`, in order; takes over each row of `previous` that says the same. Messages added at either end cost only themselves. */
export function buildListRows(input: ListRowsInput, previous: ListRows = NO_ROWS): ListRows {
  const before = previous.origin?.input
  if (before === undefined || input.firstUnreadKey !== before.firstUnreadKey || input.isOwn !== before.isOwn) return whole(input, previous)
  const added = input.messages.length - before.messages.length
  if (before.messages.length === 0 || added < 0) return whole(input, previous)
  if (input.hasOlder === before.hasOlder && isAt(0, before.messages, input.messages)) return appended(input, previous)
  return added > 0 && isAt(added, before.messages, input.messages) ? prepended(input, added, previous) : whole(input, previous)
}

function whole(input: ListRowsInput, previous: ListRows): ListRows {
  const rows: ListRow[] = []
  addRows(rows, input, 0, input.messages.length, previous)
  return listOf(rows, input)
}

/** The last row is made again: its run may go on. */
function appended(input: ListRowsInput, previous: ListRows): ListRows {
  const { indexes, shift, input: before } = previous.origin as ListRowsOrigin
  const rows = previous.rows.slice(0, -1)
  const last = previous.rows.at(-1)
  const from = rows.length
  addRows(rows, input, before.messages.length, input.messages.length, previous, last?.kind === 'message' ? last : null)
  return listOf(rows, input, indexes, shift, [from, rows.length])
}

/** The first message is made again: it may lose its date, and its name to a run. All below it stays. */
function prepended(input: ListRowsInput, added: number, previous: ListRows): ListRows {
  const { indexes, shift } = previous.origin as ListRowsOrigin
  const first = previous.rows.findIndex(({ kind }) => kind === 'message')
  if (first === -1) return whole(input, previous)
  const { message, runEnd } = previous.rows[first] as MessageListRow
  const rows: ListRow[] = []
  addRows(rows, input, 0, input.messages.indexOf(message, added) + 1, previous, null, runEnd)
  const fresh = rows.length
  for (let index = first + 1; index < previous.rows.length; index++) rows.push(previous.rows[index] as ListRow)
  return listOf(rows, input, indexes, shift + fresh - first - 1, [0, fresh])
}

/** Whether `part` stands in `messages` at an offset. Keys then keep their order, and one map serves both lists. */
function isAt(offset: number, part: readonly Message[], messages: readonly Message[]): boolean {
  for (let index = 0; index < part.length; index++) if (part[index] !== messages[index + offset]) return false
  return true
}

/** `indexes` holds the places of all rows but those of `fresh`, `shift` less than they are now. Without it a map is made when somebody asks. */
function listOf(rows: readonly ListRow[], input: ListRowsInput, indexes?: Map<string, number>, shift = 0, fresh: readonly [number, number] = [0, 0]): ListRows {
  let known = indexes
  const note = (map: Map<string, number>, from: number, to: number) => {
    for (let index = from; index < to; index++) map.set((rows[index] as ListRow).key, index - shift)
    return map
  }
  if (known !== undefined) note(known, fresh[0], fresh[1])
  const map = () => (known ??= note(new Map(), 0, rows.length))
  const indexOf = (key: string) => {
    const index = map().get(key)
    // A list made later may have changed the map.
    return index !== undefined && rows[index + shift]?.key === key ? index + shift : undefined
  }
  return {
    rows, indexOf, has: (key) => indexOf(key) !== undefined,
    origin: {
      input, shift,
      get indexes() {
        return map()
      },
    },
  }
}

/**
 * Adds rows for the messages from `first` up to `end`. `open` is the message before them, whose run is not ended yet;
 * `lastRunEnd` says whether the run of the last one ends there.
 */
function addRows(
  rows: ListRow[], { messages, hasOlder, firstUnreadKey, isOwn }: ListRowsInput, first: number, end: number, previous: ListRows, open: MessageListRow | null = null, lastRunEnd = true,
): void {
  const dayOf = dayCounter()
  const isFresh = previous.rows.length === 0
  const push = (row: ListRow) => {
    const before = isFresh ? undefined : previous.rows[previous.indexOf(row.key) ?? -1]
    rows.push(before !== undefined && sameRow(before, row) ? before : row)
  }
  let last: Omit<MessageListRow, 'kind' | 'runEnd'> | null = open
  const flush = (runEnd: boolean) => {
    if (last !== null) push({ kind: 'message', key: last.key, message: last.message, own: last.own, runStart: last.runStart, runEnd })
  }
  let day = open === null ? Number.NaN : dayOf(open.message.time)
  for (let index = first; index < end; index++) {
    const message = messages[index] as Message
    if (message.hidden === true) continue
    const key = messageKey(message)
    const today = dayOf(message.time)
    const newDay = today !== day && (last !== null || !hasOlder)
    const isFirstUnread = key === firstUnreadKey
    const goesOn = last !== null && !newDay && !isFirstUnread && sameRun(last.message, message)
    flush(!goesOn)
    if (newDay) push({ kind: 'date', key: `date:${key}`, time: message.time })
    if (isFirstUnread) push({ kind: 'unread', key: `unread:${key}` })
    last = { key, message, own: isOwn(message), runStart: !goesOn }
    day = today
  }
  flush(lastRunEnd)
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

/** Whether it is somebody else's and says something: nothing else is unread, or new. */
export function mayBeUnread(row: ListRow | undefined): row is MessageListRow {
  return row?.kind === 'message' && !row.own && isCountable(row.message, '')
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
