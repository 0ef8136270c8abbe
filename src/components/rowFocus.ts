/**
 * How the focus moves from message to message, and what a row says while it has it (see `useRowFocus`, which loads this when a key is
 * pressed or the focus comes, at the latest).
 */
import type { FocusEvent, KeyboardEvent, RefObject } from 'react'
import type { ChatClient } from '../client/chatClient.js'
import type { Locale } from '../locales/locale.js'
import type { SourceAnchor } from '../model/index.js'
import { nameOf } from '../react/parts.js'
import type { ReceiptPresentation } from '../react/receiptContext.js'
import type { ProfileLookup } from '../react/useProfile.js'
import type { ReadStateSource } from '../receipts/index.js'
import { isNotice } from './isNotice.js'
import type { ListRows, MessageListRow } from './listRows.js'
import { messagePreview } from './messagePreview.js'

/** A row may take so many frames to be mounted after the list was scrolled to it. */
const PATIENCE_FRAMES = 40

export interface RowFocusOptions {
  readonly scroller: RefObject<HTMLElement | null>
  readonly list: ListRows
  /** Brings a message that is not mounted into view. */
  readonly goTo: (anchor: SourceAnchor) => Promise<boolean>
  readonly readStates: ReadStateSource | null
}

/** What a row is described with. */
export interface RowWords {
  readonly locale: Locale
  readonly client: ChatClient | null
  readonly lookup: ProfileLookup | null
  readonly receipts: ReceiptPresentation
}

export interface RowFocus {
  onKeyDown(event: KeyboardEvent): void
  /** For everything that gets the focus within the list. */
  onFocus(event: FocusEvent): void
}

/** `latest`: the list and the words of now. */
export function createRowFocus(latest: { readonly current: RowFocusOptions & RowWords }): RowFocus {
  const focusRow = (key: string, patience = PATIENCE_FRAMES): void => {
    const { scroller, list, goTo } = latest.current
    const index = list.indexOf(key)
    const row = index === undefined ? undefined : list.rows[index]
    if (index === undefined || row?.kind !== 'message' || scroller.current === null) return
    const element = targetOf(rowElement(scroller.current, index, key))
    if (element !== null) return take(element)
    const again = () => requestAnimationFrame(() => focusRow(key, patience - 1))
    const [id] = row.message.ids
    if (patience === PATIENCE_FRAMES && id !== undefined) void goTo({ id }).then(again, () => {})
    else if (patience > 0) again()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const { scroller, list } = latest.current
    if (scroller.current === null || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const from = placeOf(event.target as Element, scroller.current)
    if (from === null) return
    if (event.key === 'Escape' && from.row !== null) {
      event.preventDefault()
      scroller.current.focus({ preventScroll: true })
      return
    }
    if (reachesBeyond(event.key, from.row, scroller.current)) return
    const at = from.row === null ? null : (list.indexOf(from.row.dataset['key'] ?? '') ?? null)
    const to = targetIndex(event.key, at, list, scroller.current)
    if (to === null) return
    event.preventDefault()
    focusRow((list.rows[to] as MessageListRow).key)
  }
  const onFocus = ({ target }: FocusEvent): void => {
    const { scroller, readStates } = latest.current
    const place = target.closest<HTMLElement>('[data-key]')
    if (place !== null && scroller.current !== null && target.closest(WITH_FOCUS_OF_THEIR_OWN) === null) keepFocus(target, place, scroller.current)
    const said = (): string | null => {
      const { list } = latest.current
      const row = list.rows[list.indexOf(place?.dataset['key'] ?? '') ?? -1]
      return row?.kind === 'message' ? describe(row, latest.current) : null
    }
    if (said() === null || scroller.current === null || !(target instanceof HTMLElement) || target !== targetOf(place)) return
    describeWhileFocused(target, said, readStates)
  }
  return { onKeyDown, onFocus }
}

/** These give the focus back themselves when they close. */
const WITH_FOCUS_OF_THEIR_OWN = '[role="menu"], dialog'

/**
 * What goes while it has the focus leaves it to its message, and what goes with its message to the list: a button to try again that was
 * pressed, a message that was recalled. Else it would fall to the page, and whoever goes by keys begin anew at its top.
 */
function keepFocus(target: Element, place: HTMLElement, scroller: HTMLElement): void {
  const look = () => {
    if (target.isConnected) return
    gone.disconnect()
    if (document.activeElement !== document.body) return
    hold(place.isConnected ? (targetOf(place) ?? place) : scroller)
  }
  const gone = new MutationObserver(look)
  gone.observe(scroller, { subtree: true, childList: true })
  // Some browsers tell of a blur where it is taken out of the page.
  target.addEventListener('blur', () => void Promise.resolve().then(look).then(() => gone.disconnect()), { once: true })
}

/** What a message is, in one sentence: what is seen of it. */
function describe({ message, own }: MessageListRow, { readStates, locale, client, lookup, receipts: { labels, badge } }: RowFocusOptions & RowWords): string {
  const { messages, formatters } = locale
  const name = own ? messages.you : nameOf(lookup?.(message.from) ?? client?.getProfile(message.from) ?? { userId: message.from })
  const words = messagePreview(message, own, name, locale)
  if (isNotice(message)) return `${words}, ${formatters.time(message.time)}`
  const status = readStates?.getStatus(message) ?? null
  const tally = readStates?.getTally(message)
  return [`${messages.authorSays(name)}${words}`, formatters.time(message.time), status !== null && labels[status], own && tally?.tracked && tally.of > 1 && badge.long(tally.read, tally.of)].filter(Boolean).join(', ')
}

function take(element: HTMLElement): void {
  hold(element)
  element.scrollIntoView({ block: 'nearest' })
}

function hold(element: HTMLElement): void {
  if (!element.hasAttribute('tabindex')) element.tabIndex = -1
  element.focus({ preventScroll: true })
}

/** Says what a row is while it has the focus, whatever becomes of it meanwhile; a role of its own stays. */
function describeWhileFocused(element: HTMLElement, said: () => string | null, readStates: ReadStateSource | null): void {
  const { role } = element
  const say = () => {
    // What is taken out of the page tells of no blur.
    if (!element.isConnected) return stop()
    const words = said()
    if (words !== null && words !== element.ariaLabel) element.setAttribute('aria-label', words)
  }
  const drawn = new MutationObserver(say)
  const stopListening = readStates?.subscribe(say)
  const stop = () => {
    drawn.disconnect()
    stopListening?.()
  }
  if (!role) element.setAttribute('role', 'article')
  say()
  drawn.observe(element, { subtree: true, childList: true, characterData: true })
  element.addEventListener('blur', () => {
    stop()
    element.removeAttribute('aria-label')
    if (!role) element.removeAttribute('role')
  }, { once: true })
}

/** Null where arrow keys mean something else: in a player, a menu, a field. */
function placeOf(target: Element, scroller: Element): { readonly row: HTMLElement | null } | null {
  if (target === scroller) return { row: null }
  const row = target.closest<HTMLElement>('[data-key]')
  if (row === null || !scroller.contains(row) || target.closest('audio, video, input, textarea, select, [role="menu"], [role="slider"], dialog, [contenteditable]')) return null
  return { row }
}

/** Somebody who has not seen the end of a long message scrolls on. */
function reachesBeyond(key: string, row: HTMLElement | null, scroller: Element): boolean {
  if (row === null) return false
  const { top, bottom } = row.getBoundingClientRect()
  const view = scroller.getBoundingClientRect()
  return (key === 'ArrowDown' && bottom > view.bottom + 1 && top <= view.top + 1) || (key === 'ArrowUp' && top < view.top - 1 && bottom >= view.bottom - 1)
}

function targetIndex(key: string, at: number | null, { rows }: ListRows, scroller: Element): number | null {
  const isMessage = (index: number) => rows[index]?.kind === 'message'
  const seek = (from: number, step: 1 | -1) => {
    let index = from
    while (index >= 0 && index < rows.length && !isMessage(index)) index += step
    return isMessage(index) ? index : null
  }
  switch (key) {
    case 'ArrowUp':
      return at === null ? inSight(rows, scroller, -1) : seek(at - 1, -1)
    case 'ArrowDown':
      return at === null ? inSight(rows, scroller, 1) : seek(at + 1, 1)
    case 'Home':
      return seek(0, 1)
    case 'End':
      return seek(rows.length - 1, -1)
    default:
      return null
  }
}

/** The first message from the top of what is seen, or from its end. */
function inSight(rows: ListRows['rows'], scroller: Element, step: 1 | -1): number | null {
  const view = scroller.getBoundingClientRect()
  const seen = [...scroller.querySelectorAll<HTMLElement>('[data-key]')].filter((element) => {
    const { top, bottom } = element.getBoundingClientRect()
    return bottom > view.top + 1 && top < view.bottom - 1 && rows[Number(element.dataset['index'])]?.kind === 'message'
  })
  const indexes = seen.map((element) => Number(element.dataset['index'])).sort((a, b) => a - b)
  return (step > 0 ? indexes[0] : indexes.at(-1)) ?? null
}

function rowElement(scroller: Element, index: number, key: string): HTMLElement | null {
  const element = scroller.querySelector<HTMLElement>(`[data-index="${index}"]`)
  return element?.dataset['key'] === key ? element : null
}

/** The message itself, within the element that places it: its menu listens there. */
function targetOf(element: HTMLElement | null): HTMLElement | null {
  const first = element?.firstElementChild
  return first instanceof HTMLElement ? first : element
}
