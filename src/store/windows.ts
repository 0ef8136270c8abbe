/** Pure moves of a message window: rows come in, the far end is let go; an unchanged row keeps its identity. */
import { comparePoints, messageKey, type Message, type Point } from '../model/index.js'
import { comparePlaces, compareRows, LAST, placeOf } from './rowOrder.js'
import { MAX_WINDOW_ROWS, type MessageWindow } from './windowTypes.js'

/** Lays changed rows over a window: known ones are replaced, new ones enter where they belong, hidden ones leave. Returns the same window when nothing in it changed. */
export function mergeRows(window: MessageWindow, rows: readonly Message[]): MessageWindow {
  if (window.status !== 'ready') return window
  const changed = new Map(rows.map((row) => [messageKey(row), row]))
  let touched = false
  const kept: Message[] = []
  const bounds = { ...boundsOf(window.messages), hasOlder: window.hasOlder, hasNewer: window.hasNewer, from: window.from }
  for (const row of window.messages) {
    const key = messageKey(row)
    const next = changed.get(key)
    if (next === undefined) {
      kept.push(row)
      continue
    }
    changed.delete(key)
    touched = true
    // A failed one that is sent again from far up goes to an end that may not be here.
    if (!next.hidden && (row.at !== null || belongs(next, bounds))) kept.push(next)
  }
  for (const row of changed.values()) {
    if (row.hidden || !belongs(row, bounds)) continue
    kept.push(row)
    touched = true
  }
  if (!touched) return window
  return trim(whereEmptied(window, inOrder(kept)))
}

/** Removes a row that is no more. */
export function removeRow(window: MessageWindow, key: string): MessageWindow {
  const messages = window.messages.filter((row) => messageKey(row) !== key)
  return messages.length === window.messages.length ? window : whereEmptied(window, messages)
}

/** Whose last row goes remembers where it stood: what lies before that may be beyond missing history. */
function whereEmptied(window: MessageWindow, messages: readonly Message[]): MessageWindow {
  const isPlaced = ({ at }: Message) => at !== null
  const first = window.messages.find(isPlaced)
  const isEmptied = window.hasOlder && first?.at && !messages.some(isPlaced)
  return isEmptied ? { ...window, messages, from: first.at } : { ...window, messages }
}

/** A page that was loaded beyond one end of the window. */
export function addPage(window: MessageWindow, page: readonly Message[], end: 'older' | 'newer', more: boolean): MessageWindow {
  const known = new Set(window.messages.map(messageKey))
  const ends = end === 'older' ? { hasOlder: more } : { hasNewer: more }
  const { hasOlder, hasNewer } = { ...window, ...ends }
  const fresh = page.filter((row) => !row.hidden && !known.has(messageKey(row)))
  const messages = fresh.length === 0 ? window.messages : layRows([...window.messages, ...fresh], { hasOlder, hasNewer })
  return trim({ ...window, ...ends, messages, loading: 'none', lean: end })
}

/** Placed rows and local echoes in the order in which they are shown, without the echoes whose place is beyond an end that is not the end of history. */
export function layRows(rows: readonly Message[], ends: Pick<MessageWindow, 'hasOlder' | 'hasNewer'>): readonly Message[] {
  const shown = inOrder(rows.filter((row) => !row.hidden))
  const bounds = { ...boundsOf(shown), hasOlder: ends.hasOlder, hasNewer: ends.hasNewer }
  return shown.filter((row) => row.at !== null || belongs(row, bounds))
}

/** A stretch of history known to be missing, strictly between two points. */
export interface MissingStretch {
  readonly after: Point | null
  readonly before: Point | null
}

/**
 * Rows on two sides of missing history never stand together: the side where the reader is stays, and the other is to be paged in.
 * Returns the same window when no stretch touches it.
 */
export function cutAtGaps(window: MessageWindow, gaps: readonly MissingStretch[]): MessageWindow {
  return gaps.reduce(cutAtGap, window)
}

function cutAtGap(window: MessageWindow, { after, before }: MissingStretch): MessageWindow {
  const placed = window.messages.filter((row) => placeOf(row) !== LAST)
  const left = after === null ? [] : placed.filter((row) => comparePlaces(placeOf(row), after) <= 0)
  const right = placed.slice(left.length)
  if (window.status !== 'ready' || placed.length === 0) return window
  if (left.length === 0) return before === null || window.hasOlder ? window : { ...window, hasOlder: true }
  if (right.length === 0) return window.hasNewer ? window : { ...window, messages: placed, hasNewer: true }
  if (window.lean === 'older') return { ...window, messages: left, hasNewer: true }
  return { ...window, messages: window.messages.slice(left.length), hasOlder: true }
}

interface Bounds {
  readonly first: Message | undefined
  readonly last: Message | undefined
  readonly hasOlder: boolean
  readonly hasNewer: boolean
  readonly from?: Point | undefined
}

function boundsOf(rows: readonly Message[]): Pick<Bounds, 'first' | 'last'> {
  const placed = rows.filter((row) => row.at !== null)
  return { first: placed[0], last: placed.at(-1) }
}

function belongs(row: Message, { first, last, hasOlder, hasNewer, from }: Bounds): boolean {
  if (placeOf(row) === LAST) return !hasNewer
  if (first === undefined || last === undefined) return (!hasNewer || !hasOlder) && !(from && row.at && comparePoints(row.at, from) < 0)
  if (compareRows(row, first) < 0) return !hasOlder
  if (compareRows(row, last) > 0) return !hasNewer
  return true
}

function inOrder(rows: Message[]): readonly Message[] {
  for (let i = 1; i < rows.length; i++) {
    if (compareRows(rows[i - 1]!, rows[i]!) > 0) return rows.sort(compareRows)
  }
  return rows
}

/** What waits to be sent, or failed, has no page to come back with: all of it stays where it is shown. */
function trim(window: MessageWindow): MessageWindow {
  if (window.messages.length <= MAX_WINDOW_ROWS) return window
  const placed = window.messages.filter(({ at }) => at !== null)
  const over = placed.length - MAX_WINDOW_ROWS
  if (over <= 0) return window
  const isOlder = window.lean === 'older'
  const next = { ...window, ...(isOlder ? { hasNewer: true } : { hasOlder: true }) }
  const gone = new Set(isOlder ? placed.slice(MAX_WINDOW_ROWS) : placed.slice(0, over))
  return { ...next, messages: layRows(window.messages.filter((row) => !gone.has(row)), next) }
}
