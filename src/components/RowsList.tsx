'use client'
/** A long list of rows. Few are all rendered, so that the page's own search finds them; of many, only those in sight. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useClientStyle } from '../react/useClientStyle.js'
import { forwardRef, useEffect, useImperativeHandle, useRef, useState, type HTMLAttributes, type ReactNode, type RefObject } from 'react'

/** Up to here all rows are rendered. */
export const PLAIN_ROWS = 120
const OVERSCAN_ROWS = 8

export interface RowsListProps extends Omit<HTMLAttributes<HTMLUListElement>, 'children'> {
  readonly count: number
  readonly keyOf: (index: number) => string
  readonly row: (index: number) => ReactNode
  /** The element that scrolls. */
  readonly scroller: RefObject<HTMLElement | null>
  /** Height of a row before it was measured, CSS pixels. */
  readonly rowPx: number
  /** A row that stays wherever the list stands: the one with the focus. */
  readonly keep?: number | undefined
  /** Filled with what mounts a row that is out of sight; not where all rows are. */
  readonly scrollToRow?: RefObject<((index: number) => void) | null>
  /** The end of the list is near. */
  readonly onEnd?: () => void
}

export const RowsList = forwardRef<HTMLUListElement, RowsListProps>(function RowsList(props, ref) {
  return props.count <= PLAIN_ROWS ? <PlainRows {...props} innerRef={ref} /> : <WindowedRows {...props} innerRef={ref} />
})

type InnerProps = RowsListProps & { readonly innerRef: React.ForwardedRef<HTMLUListElement> }

function PlainRows({ count, keyOf, row, scroller: _, rowPx: __, keep: ___, scrollToRow: ____, onEnd, innerRef, ...rest }: InnerProps) {
  useEffect(() => {
    onEnd?.()
  }, [count, onEnd])
  return (
    <ul ref={innerRef} {...rest}>
      {Array.from({ length: count }, (_each, index) => <li key={keyOf(index)} data-index={index}>{row(index)}</li>)}
    </ul>
  )
}

function WindowedRows({ count, keyOf, row, scroller, rowPx, keep, scrollToRow, onEnd, innerRef, style, ...rest }: InnerProps) {
  const kept = useRef(keep)
  kept.current = keep
  const virtualizer = useVirtualizer<HTMLElement, HTMLElement>({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: keyOf,
    overscan: OVERSCAN_ROWS,
    // Before the list was measured (on a server) there is still something to see.
    initialRect: { width: 320, height: rowPx * 12 },
    rangeExtractor: ({ startIndex, endIndex, overscan, count: all }) => {
      const from = Math.max(0, startIndex - overscan)
      const shown = Array.from({ length: Math.min(all - 1, endIndex + overscan) - from + 1 }, (_, step) => from + step)
      const extra = kept.current
      return extra === undefined || extra < 0 || extra >= all || shown.includes(extra) ? shown : [...shown, extra].sort((a, b) => a - b)
    },
  })
  // The scroller is an element around this one: at the first layout effect it has no ref yet.
  const [, attach] = useState(false)
  useEffect(() => attach(true), [])
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)
  useImperativeHandle(scrollToRow, () => (index) => virtualizer.scrollToIndex(index, { align: 'auto' }), [virtualizer])
  const nearEnd = (last?.index ?? 0) >= count - OVERSCAN_ROWS * 2
  useEffect(() => {
    if (nearEnd) onEnd?.()
  }, [nearEnd, count, onEnd])
  // What is not rendered is room around what is: rows stay in the flow of the document.
  const room = useClientStyle({ paddingBlockStart: items[0]?.start ?? 0, paddingBlockEnd: Math.max(0, virtualizer.getTotalSize() - (last?.end ?? 0)) })
  return (
    <ul ref={innerRef} {...rest} style={room === undefined ? style : { ...style, ...room }}>
      {items.map(({ index, key, end }, at) => {
        const gapPx = (items[at + 1]?.start ?? end) - end
        return (
          <li key={key as string} ref={virtualizer.measureElement} data-index={index} aria-setsize={count} aria-posinset={index + 1} {...(gapPx > 0 && { style: { marginBlockEnd: gapPx } })}>
            {row(index)}
          </li>
        )
      })}
    </ul>
  )
}
