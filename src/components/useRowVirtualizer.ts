/**
 * The virtualizer of the list. It places the rows itself, and asks for a rendering only when other rows are to be shown than were rendered last:
 * neither a scroll that begins or ends, nor a row that turns out higher, renders anything.
 */
import { observeElementOffset, Virtualizer, type VirtualItem, type VirtualizerOptions } from '@tanstack/react-virtual'
import { useReducer, useState } from 'react'
import { flushSync } from 'react-dom'
import { useBrowserLayoutEffect } from '../react/browserLayoutEffect.js'
import type { ListVirtualizer } from './listPosition.js'

type Options = VirtualizerOptions<HTMLDivElement, HTMLElement>

export interface RowVirtualizerOptions extends Omit<Options, 'observeElementOffset' | 'onChange'> {
  /** Rows are to be rendered later, although the reader is scrolling. */
  readonly isWaiting: () => boolean
  /** Whether the viewport moves with a row that changes its height. */
  readonly movesWith: (row: VirtualItem) => boolean
  /** Told whenever something moved, after the rows were placed. */
  readonly onChange: () => void
}

export interface RowVirtualizer {
  readonly virtualizer: ListVirtualizer
  /** Ref of the element that is as high as all rows. */
  readonly setContainer: (element: HTMLElement | null) => void
  /** Ref of a row, which is placed at once. */
  readonly measure: (element: HTMLElement | null) => void
}

export function useRowVirtualizer(options: RowVirtualizerOptions): RowVirtualizer {
  const [, render] = useReducer((count: number) => count + 1, 0)
  const [rows] = useState(() => createRowVirtualizer(options, render))
  rows.setOptions(options)
  const { virtualizer } = rows
  useBrowserLayoutEffect(() => virtualizer._didMount(), [virtualizer])
  useBrowserLayoutEffect(() => {
    rows.committed()
    virtualizer._willUpdate()
    rows.place()
  })
  return rows
}

function createRowVirtualizer(first: RowVirtualizerOptions, render: () => void) {
  let container: HTMLElement | null = null
  let containerPx: number | null = null
  /** What was written on each element: one that is mounted anew is written to anew. */
  const tops = new WeakMap<Element, number>()
  let rendered: { readonly startIndex: number; readonly endIndex: number } | null = null
  let isMounting = false
  let { isWaiting, movesWith, onChange } = first

  const placeRow = (element: HTMLElement, { start }: VirtualItem) => {
    if (tops.get(element) === start) return
    tops.set(element, start)
    element.style.top = `${start}px`
  }
  const sizeContainer = () => {
    const totalPx = virtualizer.getTotalSize()
    if (container === null || totalPx === containerPx) return
    containerPx = totalPx
    container.style.height = `${totalPx}px`
  }
  const place = () => {
    if (container === null) return
    sizeContainer()
    for (const row of virtualizer.getVirtualItems()) {
      const element = virtualizer.elementsCache.get(row.key)
      if (element) placeRow(element, row)
    }
  }
  const full = ({ isWaiting: _waits, movesWith: _moves, onChange: _told, ...options }: RowVirtualizerOptions): Options => ({
    ...options,
    observeElementOffset,
    onChange(_instance, sync) {
      place()
      const { range } = virtualizer
      if (rendered === null || range?.startIndex !== rendered.startIndex || range.endIndex !== rendered.endIndex) {
        if (sync && !isMounting && !isWaiting()) flushSync(render)
        else render()
      }
      onChange()
    },
  })
  const virtualizer = new Virtualizer(full(first))
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = (row) => movesWith(row)
  return {
    virtualizer,
    place,
    setOptions(options: RowVirtualizerOptions) {
      ;({ isWaiting, movesWith, onChange } = options)
      virtualizer.setOptions(full(options))
    },
    /** What is rendered now is what the virtualizer asked for last. */
    committed() {
      sizeContainer()
      rendered = virtualizer.range
    },
    setContainer(element: HTMLElement | null) {
      container = element
      containerPx = null
      place()
    },
    measure(element: HTMLElement | null) {
      isMounting = true
      try {
        virtualizer.measureElement(element)
      } finally {
        isMounting = false
      }
      const row = element === null ? undefined : virtualizer.measurementsCache[virtualizer.indexFromElement(element)]
      if (element !== null && row !== undefined && container !== null) placeRow(element, row)
    },
  }
}
