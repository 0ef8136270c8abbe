/** Where the viewport stands, over the virtualizer and the scrolling element: the two must say the same before every paint. */
import type { Virtualizer } from '@tanstack/react-virtual'
import { holdAnchor, rowsInView, type HeldRow } from './listAnchor.js'
import type { ListPlace } from './listPlace.js'
import type { ListRow, ListRows } from './listRows.js'

export type ListVirtualizer = Virtualizer<HTMLDivElement, HTMLElement>

export interface ListPosition {
  scroller: HTMLElement | null
  virtualizer: ListVirtualizer | null
  /** True while rows are measured in one go: the virtualizer must not move with each of them. */
  readonly isMeasuring: boolean
  fromTop(): number
  fromEnd(): number
  /** Offset of a place as things are measured now; null when it is not there. */
  offsetOf(place: ListPlace, list: ListRows): number | null
  isAt(offset: number): boolean
  /** Goes to a place by a command of the virtualizer, which knows how to interrupt a fling. */
  jump(place: ListPlace, offset: number, list: ListRows): void
  /** Goes to an offset and nothing else. @returns whether rows are missing there */
  move(offset: number): boolean
  /** Notes what is in view, before the virtualizer is given other rows. */
  hold(list: ListRows): void
  /** Tells the virtualizer where the element will be once this is committed, so that the right rows are rendered at once. */
  foresee(list: ListRows, toEnd: boolean): void
  /** Measures what is rendered and new or drawn differently: all read, then all told. */
  measure(list: ListRows): void
  /** Puts what was held back in its place. @returns whether rows are missing there */
  restore(list: ListRows): boolean
  /** Whether a row is above the one that is kept in its place: what it grows by goes upwards. */
  isAboveKept(index: number, list: ListRows): boolean
  /** The reader went on: whatever is in view next is kept. */
  release(): void
  /** The message at the top edge, or the one below the separator there. Null while there is none. */
  atTop(list: ListRows): { readonly key: string; readonly topPx: number; readonly time: number } | null
  /** Whether a date begins or ends within `px` below the top edge. */
  hasDateWithin(list: ListRows, px: number): boolean
}

export function createListPosition(): ListPosition {
  const measured = new WeakSet<ListRow>()
  let held: readonly HeldRow[] = []
  /** Where the element stood then, until that is committed, or given up: a rendering that is done twice (StrictMode) finds the virtualizer with the rows to come. */
  let heldAt: number | null = null
  /** What was kept last, until the reader scrolls: rows that come above it and grow later must not become what is kept. */
  let keptKey: string | null = null
  /** `foresee` moved the virtualizer, and the element has yet to follow. */
  let ahead = false
  let isMeasuring = false

  const anchored = (list: ListRows): number | null => {
    const anchor = holdAnchor(held, list, keptKey)
    const virtualizer = position.virtualizer
    if (anchor === null || virtualizer === null) return null
    // Brings the measurements up to the rows of now.
    virtualizer.getTotalSize()
    const start = virtualizer.measurementsCache[list.indexOf(anchor.row.key) as number]?.start
    return start === undefined ? null : Math.max(0, start - anchor.topPx)
  }

  const position: ListPosition = {
    scroller: null,
    virtualizer: null,
    get isMeasuring() {
      return isMeasuring
    },
    fromTop: () => position.scroller?.scrollTop ?? 0,
    fromEnd: () => (position.scroller === null ? 0 : position.scroller.scrollHeight - position.scroller.clientHeight - position.scroller.scrollTop),
    offsetOf(place, list) {
      const { scroller, virtualizer } = position
      if (scroller === null || virtualizer === null) return null
      if (place === 'newest') return Math.max(0, scroller.scrollHeight - scroller.clientHeight)
      const index = list.indexOf(place.key)
      return index === undefined ? null : (virtualizer.getOffsetForIndex(index, place.align)?.[0] ?? null)
    },
    isAt(offset) {
      const { scroller, virtualizer } = position
      return scroller !== null && Math.abs((virtualizer?.scrollOffset ?? 0) - offset) <= 0.5 && Math.abs(scroller.scrollTop - offset) <= 1
    },
    jump(place, offset, list) {
      const { scroller, virtualizer } = position
      if (scroller === null || virtualizer === null) return
      if (place === 'newest') virtualizer.scrollToEnd()
      else virtualizer.scrollToIndex(list.indexOf(place.key) as number, { align: place.align })
      // At once: the scroll event would come a frame later, and the wrong rows with it.
      virtualizer.scrollOffset = exact(scroller, offset)
    },
    move(offset) {
      const { scroller, virtualizer } = position
      if (scroller === null || virtualizer === null) return false
      const { range } = virtualizer
      scroller.scrollTop = offset
      virtualizer.scrollOffset = exact(scroller, offset)
      ahead = false
      const next = virtualizer.calculateRange()
      return next !== null && (range === null || next.startIndex !== range.startIndex || next.endIndex !== range.endIndex)
    },
    hold(list) {
      const { scroller, virtualizer } = position
      if (scroller !== null && scroller.scrollTop === heldAt) return
      held = []
      heldAt = scroller?.scrollTop ?? null
      queueMicrotask(() => (heldAt = null))
      const height = virtualizer?.scrollRect?.height ?? 0
      if (scroller === null || virtualizer === null || virtualizer.scrollOffset === null || height === 0) return
      const items = virtualizer.getVirtualItems()
      const first = items[0]
      if (first === undefined) return
      // Rows are shown shifted while the virtualizer holds a correction back (iOS).
      const shift = (virtualizer.measurementsCache[first.index]?.start ?? first.start) - first.start
      // What was scrolled since the last scroll event counts too, or a correction would undo it.
      if (!ahead && Math.abs(scroller.scrollTop + shift - virtualizer.scrollOffset) >= 1) virtualizer.scrollOffset = scroller.scrollTop + shift
      // A row that was never measured was never seen: it gives way to those that were.
      const seen = items.filter(({ key }) => virtualizer.itemSizeCache.has(key))
      held = rowsInView(seen, list, virtualizer.scrollOffset - shift, height)
    },
    foresee(list, toEnd) {
      const { scroller, virtualizer } = position
      // The element's own height: the virtualizer hears of a new one a frame later, and until then its end is another than the true one.
      const offset = toEnd ? Math.max(0, (virtualizer?.getTotalSize() ?? 0) - (scroller?.clientHeight ?? 0)) : anchored(list)
      if (virtualizer === null || offset === null || Math.abs(offset - (virtualizer.scrollOffset ?? 0)) <= 0.5) return
      virtualizer.scrollOffset = offset
      ahead = true
    },
    measure(list) {
      const { virtualizer } = position
      heldAt = null
      if (virtualizer === null) return
      const heights: [index: number, heightPx: number][] = []
      for (const [key, element] of virtualizer.elementsCache) {
        // Its element says where it is, unless it is about to go.
        const said = Number(element.dataset['index'])
        const index = list.rows[said]?.key === key ? said : list.indexOf(key as string)
        const row = index === undefined ? undefined : list.rows[index]
        if (index === undefined || row === undefined || measured.has(row) || !element.isConnected) continue
        heights.push([index, element.offsetHeight])
        measured.add(row)
      }
      isMeasuring = true
      for (const [index, heightPx] of heights) virtualizer.resizeItem(index, heightPx)
      isMeasuring = false
    },
    restore(list) {
      const offset = anchored(list)
      keptKey = holdAnchor(held, list, keptKey)?.row.key ?? null
      if (offset === null || (!ahead && Math.abs(offset - (position.virtualizer?.scrollOffset ?? 0)) <= 0.5)) return false
      return position.move(offset)
    },
    isAboveKept(index, list) {
      const kept = keptKey === null ? undefined : list.indexOf(keptKey)
      if (kept === undefined || index >= kept) return false
      const { scroller, virtualizer } = position
      const top = position.fromTop()
      const start = virtualizer?.measurementsCache[kept]?.start ?? top - 1
      return start >= top && start < top + (scroller?.clientHeight ?? 0)
    },
    release() {
      keptKey = null
    },
    atTop(list) {
      const [index, top] = [indexAtTop(), position.fromTop()]
      for (let at = index; at < list.rows.length; at++) {
        const row = list.rows[at]
        if (row?.kind === 'message') return { key: row.key, topPx: (position.virtualizer?.measurementsCache[at]?.start ?? top) - top, time: row.message.time }
      }
      return null
    },
    hasDateWithin(list, px) {
      const end = position.fromTop() + px
      for (let at = indexAtTop(); at < list.rows.length; at++) {
        if ((position.virtualizer?.measurementsCache[at]?.start ?? end) >= end) return false
        if (list.rows[at]?.kind === 'date') return true
      }
      return false
    },
  }
  const indexAtTop = () => position.virtualizer?.getVirtualItemForOffset(position.fromTop())?.index ?? 0
  return position
}

/** What the element took of an offset: browsers round to device pixels, and the exact value is the better one to count on. */
function exact(scroller: HTMLElement, offset: number): number {
  return Math.abs(scroller.scrollTop - offset) < 1.5 ? offset : scroller.scrollTop
}
