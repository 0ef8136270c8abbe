/** Joins the virtualizer with the rules of `listScroll.ts`. */
import { useVirtualizer, type ReactVirtualizer, type Virtualizer, type VirtualItem } from '@tanstack/react-virtual'
import { useCallback, useEffect, useLayoutEffect, useReducer, useRef, useState, type RefObject } from 'react'
import { flushSync } from 'react-dom'
import type { MessageSnapshot, MessageSource, SourceAnchor } from '../model/index.js'
import { estimateRowPx } from './listEstimate.js'
import { AT_END_PX, createListScroll, FIRST_VIEW, type ListScroll, type ListView } from './listScroll.js'
import type { ListRow, ListRows } from './listRows.js'
import type { RowPins } from './useRowPins.js'

/** Rows kept ready on each side. Fewer show white at a fling; more cost at every mount. */
const OVERSCAN_ROWS = 6
const PADDING_PX = 12

/** React 18 warns of layout effects on a server. */
const useBrowserLayoutEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect

export interface ListScrollOptions {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly source: MessageSource
  readonly snapshot: MessageSnapshot
  readonly list: ListRows
  readonly initialPosition: SourceAnchor
  readonly rangeExtractor: RowPins['rangeExtractor']
  readonly onError: (error: unknown) => void
}

export interface ListScrollResult {
  readonly scroll: ListScroll
  readonly virtualizer: ReactVirtualizer<HTMLDivElement, HTMLElement>
  readonly view: ListView
}

export function useListScroll({ scroller, source, snapshot, list, initialPosition, rangeExtractor, onError }: ListScrollOptions): ListScrollResult {
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
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => (rows[index] as ListRow).key, [rows]),
    estimateSize: useCallback((index: number) => estimateRowPx(rows[index] as ListRow), [rows]),
    rangeExtractor,
    overscan: OVERSCAN_ROWS,
    paddingStart: PADDING_PX,
    paddingEnd: PADDING_PX,
    // Keeps the first row in the viewport where it is, by key, when rows come or go.
    anchorTo: 'end',
    // At the end of a window that is not the end of the conversation, growth pushes nobody on.
    scrollEndThreshold: snapshot.hasNewer ? -1 : AT_END_PX,
    directDomUpdates: true,
    directDomUpdatesMode: 'position',
  })
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = staysBelow

  useBrowserLayoutEffect(() => {
    latestOnError.current = onError
  })
  useBrowserLayoutEffect(() => (scroller.current === null ? undefined : scroll.attach(scroller.current, virtualizer)), [scroll, scroller, virtualizer])
  useBrowserLayoutEffect(() => scroll.commit({ source, snapshot, list, initialPosition }))
  return { scroll, virtualizer, view }
}

/**
 * Whether the viewport moves with a row that changes its height, so that what is below the row stays where it is.
 * True for rows that begin above the viewport and end within it: people read what follows. Not for a row that fills the viewport
 * (its top stays), nor at the very top of the list, where a reader looks at the row itself.
 */
function staysBelow(row: VirtualItem, _delta: number, { scrollOffset, scrollRect }: Virtualizer<HTMLDivElement, HTMLElement>): boolean {
  const top = scrollOffset ?? 0
  return top > 0 && row.start <= top && row.end <= top + (scrollRect?.height ?? 0)
}
