/** Joins the virtualizer with the rules of `listScroll.ts`. */
import type { VirtualItem } from '@tanstack/react-virtual'
import { useCallback, useReducer, useRef, useState, type RefObject } from 'react'
import { flushSync } from 'react-dom'
import type { MessageSnapshot, MessageSource, SourceAnchor, Stop } from '../model/index.js'
import { useBrowserLayoutEffect } from '../react/browserLayoutEffect.js'
import { estimateRowPx } from './listEstimate.js'
import type { ListVirtualizer } from './listPosition.js'
import { createListScroll } from './listScroll.js'
import type { ListRow, ListRows } from './listRows.js'
import { FIRST_VIEW, type ListScroll, type ListView } from './listView.js'
import type { RowPins } from './useRowPins.js'
import { useRowVirtualizer, type RowVirtualizer } from './useRowVirtualizer.js'

/** Rows kept ready on each side. Fewer show white at a fling; more cost at every mount. */
const OVERSCAN_ROWS = 6
const PADDING_PX = 12

export interface ListScrollOptions {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly source: MessageSource
  readonly snapshot: MessageSnapshot
  readonly list: ListRows
  readonly initialPosition: SourceAnchor
  readonly echoes: boolean
  readonly rangeExtractor: RowPins['rangeExtractor']
  readonly onError: (error: unknown) => void
}

export interface ListScrollResult extends Pick<RowVirtualizer, 'virtualizer' | 'setContainer' | 'measure'> {
  readonly scroll: ListScroll
  readonly view: ListView
}

export function useListScroll({ scroller, source, snapshot, list, initialPosition, echoes, rangeExtractor, onError }: ListScrollOptions): ListScrollResult {
  const [, render] = useReducer((count: number) => count + 1, 0)
  const [view, setView] = useState(FIRST_VIEW)
  const latestOnError = useRef(onError)
  const [scroll] = useState(() =>
    createListScroll({
      render: (now) => (now ? flushSync(render) : render()),
      show: setView,
      onError: (error) => latestOnError.current(error),
    }),
  )
  const { rows } = list
  scroll.hold()
  const { virtualizer, setContainer, measure } = useRowVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => (rows[index] as ListRow).key, [rows]),
    estimateSize: useCallback((index: number) => estimateRowPx(rows[index] as ListRow), [rows]),
    rangeExtractor,
    overscan: OVERSCAN_ROWS,
    paddingStart: PADDING_PX,
    paddingEnd: PADDING_PX,
    // Keeps what is in the viewport where it is, by key, when rows come or go; `scroll` then looks closer.
    anchorTo: 'end',
    // Following the end is decided there too.
    scrollEndThreshold: -1,
    observeElementRect: observeRect,
    measureElement: measuredLater,
    scrollToFn: useCallback((offset: number, how: ScrollHow, instance: ListVirtualizer) => scroll.moving(() => scrollFromWhereItIs(offset, how, instance)), [scroll]),
    isWaiting: areSizesComingIn,
    onChange: scroll.changed,
    movesWith: (row) => !scroll.isMeasuring() && (staysBelow(row, virtualizer) || scroll.movesWith(row.index)),
  })
  const next = { source, snapshot, list, initialPosition, echoes }
  scroll.foresee(next)

  useBrowserLayoutEffect(() => {
    latestOnError.current = onError
  })
  useBrowserLayoutEffect(() => (scroller.current === null ? undefined : scroll.attach(scroller.current, virtualizer)), [scroll, scroller, virtualizer])
  useBrowserLayoutEffect(() => scroll.commit(next))
  return { scroll, virtualizer, setContainer, measure, view }
}

/**
 * Whether the viewport moves with a row that changes its height, so that what is below the row stays where it is.
 * True for rows that begin above the viewport and end within it: people read what follows. Not for a row that fills the viewport
 * (its top stays), nor at the very top of the list, where a reader looks at the row itself.
 */
function staysBelow(row: VirtualItem, { scrollOffset, scrollRect }: ListVirtualizer): boolean {
  const top = scrollOffset ?? 0
  return top > 0 && row.start <= top && row.end <= top + (scrollRect?.height ?? 0)
}

/** As the ResizeObserver says. When a row is mounted nothing is read from it: one by one, each would force a layout (`ListPosition.measure` reads all at once). */
function measuredLater(element: HTMLElement, entry: ResizeObserverEntry | undefined, { itemSizeCache, options, indexFromElement, scrollElement }: ListVirtualizer): number {
  const box = entry?.borderBoxSize[0]
  if (box !== undefined) sizesComeIn()
  // In a closed panel nothing has a size; what was known still holds when it opens.
  if (box !== undefined && (box.blockSize > 0 || scrollElement?.clientHeight !== 0)) return Math.round(box.blockSize)
  const index = indexFromElement(element)
  return itemSizeCache.get(options.getItemKey(index)) ?? options.estimateSize(index)
}

let isDelivering = false

/** A ResizeObserver calls, until it returns. */
function sizesComeIn(): void {
  if (isDelivering) return
  isDelivering = true
  queueMicrotask(() => (isDelivering = false))
}

/**
 * While sizes are delivered, rows are placed and the viewport moves at once; other rows are mounted right after, not in between:
 * theirs would be delivered never, and the page would be told of a "ResizeObserver loop". What comes into view by it was ready beside it.
 */
const areSizesComingIn = (): boolean => isDelivering

/** Tells of another size in the next frame: rows mounted while sizes are being delivered would end in a "ResizeObserver loop" error. */
function observeRect({ scrollElement }: ListVirtualizer, tell: (rect: { width: number; height: number }) => void): Stop {
  if (scrollElement === null) return () => {}
  let frame = 0
  const read = () => tell({ width: scrollElement.clientWidth, height: scrollElement.clientHeight })
  const observer = new ResizeObserver(() => {
    cancelAnimationFrame(frame)
    frame = requestAnimationFrame(read)
  })
  read()
  observer.observe(scrollElement)
  return () => {
    cancelAnimationFrame(frame)
    observer.disconnect()
  }
}

interface ScrollHow {
  readonly adjustments?: number | undefined
  readonly behavior?: ScrollBehavior | undefined
}

/** A correction goes on top of what the element shows: the virtualizer may not have heard yet how far it was scrolled. */
function scrollFromWhereItIs(offset: number, { adjustments, behavior = 'auto' }: ScrollHow, { scrollElement }: ListVirtualizer): void {
  if (adjustments === undefined) scrollElement?.scrollTo({ top: offset, behavior })
  else if (scrollElement !== null) scrollElement.scrollTop += adjustments
}
