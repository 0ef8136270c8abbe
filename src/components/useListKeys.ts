'use client'
/** Moves the focus from row to row of a list of which not all rows are mounted. */
import { useRef, useState, type FocusEvent, type KeyboardEvent, type RefObject } from 'react'

/** Page Up and Page Down go so far. */
const PAGE_ROWS = 8
/** A row may take so many frames to be mounted after the list was scrolled to it. */
const PATIENCE_FRAMES = 20

const STEPS: Readonly<Record<string, (index: number, last: number) => number>> = {
  ArrowDown: (index, last) => Math.min(last, index + 1),
  ArrowUp: (index) => Math.max(0, index - 1),
  PageDown: (index, last) => Math.min(last, index + PAGE_ROWS),
  PageUp: (index) => Math.max(0, index - PAGE_ROWS),
  Home: () => 0,
  End: (_, last) => last,
}

export interface ListKeys {
  readonly onKeyDown: (event: KeyboardEvent) => void
  readonly onFocus: (event: FocusEvent) => void
  readonly onBlur: (event: FocusEvent) => void
  /** Row that must stay mounted. */
  readonly keep: number
  readonly scrollToRow: RefObject<((index: number) => void) | null>
}

/** @param tabStop - the row that Tab reaches; it stays mounted while none has the focus */
export function useListKeys(scroller: RefObject<HTMLElement | null>, count: number, tabStop: number): ListKeys {
  const [focused, setFocused] = useState<number | null>(null)
  const scrollToRow = useRef<((index: number) => void) | null>(null)
  const indexOf = (target: EventTarget) => Number((target as Element).closest<HTMLElement>('li[data-index]')?.dataset['index'] ?? -1)

  const focusRow = (index: number, patience = PATIENCE_FRAMES): void => {
    const row = scroller.current?.querySelector<HTMLElement>(`li[data-index="${index}"] > *`)
    if (row) return row.focus()
    if (patience > 0) requestAnimationFrame(() => focusRow(index, patience - 1))
  }
  return {
    scrollToRow,
    keep: focused ?? tabStop,
    onFocus: (event) => setFocused(indexOf(event.target)),
    onBlur: (event) => event.currentTarget.contains(event.relatedTarget) || setFocused(null),
    onKeyDown(event) {
      const step = STEPS[event.key]
      const from = indexOf(event.target)
      if (step === undefined || from < 0 || event.altKey || event.ctrlKey || event.metaKey) return
      event.preventDefault()
      const to = step(from, count - 1)
      setFocused(to)
      scrollToRow.current?.(to)
      focusRow(to)
    },
  }
}
