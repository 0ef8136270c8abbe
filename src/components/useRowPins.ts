/** Rows that must stay mounted wherever the list is scrolled: with the focus, in the selection, playing. */
import { defaultRangeExtractor, type Range } from '@tanstack/react-virtual'
import { useCallback, useEffect, useMemo, useState, type FocusEvent, type RefObject, type SyntheticEvent } from 'react'
import type { ListRows } from './listRows.js'

/** A selection over more rows than this keeps its ends only: copying it loses the middle, mounting it would lose the list. */
const MAX_SELECTED_ROWS = 200

interface Pins {
  readonly focus: string | null
  readonly from: string | null
  readonly to: string | null
  readonly playing: string | null
}

const NO_PINS: Pins = { focus: null, from: null, to: null, playing: null }
const NONE: readonly number[] = []

export interface RowPins {
  readonly rangeExtractor: (range: Range) => number[]
  readonly handlers: {
    onFocus(event: FocusEvent): void
    onBlur(event: FocusEvent): void
    onPlayCapture(event: SyntheticEvent): void
    onPauseCapture(event: SyntheticEvent): void
    onEndedCapture(event: SyntheticEvent): void
  }
}

export function useRowPins(scroller: RefObject<HTMLElement | null>, list: ListRows): RowPins {
  const [pins, setPins] = useState(NO_PINS)
  const indexes = useMemo(() => pinnedIndexes(pins, list), [pins, list])
  const pin = useCallback((change: Partial<Pins>) => {
    setPins((before) => (Object.entries(change).every(([name, key]) => before[name as keyof Pins] === key) ? before : { ...before, ...change }))
  }, [])

  useEffect(() => {
    const onSelection = () => {
      const selection = document.getSelection()
      const inside = selection !== null && !selection.isCollapsed
      pin({ from: inside ? keyAt(scroller.current, selection.anchorNode) : null, to: inside ? keyAt(scroller.current, selection.focusNode) : null })
    }
    document.addEventListener('selectionchange', onSelection)
    return () => document.removeEventListener('selectionchange', onSelection)
  }, [pin, scroller])

  const handlers = useMemo<RowPins['handlers']>(() => {
    const keyOf = (event: SyntheticEvent) => keyAt(scroller.current, event.target as Node)
    const unplay = () => pin({ playing: null })
    return {
      onFocus: (event) => pin({ focus: keyOf(event) }),
      // The window losing the focus gives no related target, and the element keeps it.
      onBlur: (event) => event.target !== document.activeElement && pin({ focus: keyAt(scroller.current, event.relatedTarget as Node | null) }),
      onPlayCapture: (event) => pin({ playing: keyOf(event) }),
      onPauseCapture: unplay,
      onEndedCapture: unplay,
    }
  }, [pin, scroller])

  const rangeExtractor = useCallback((range: Range) => (indexes.length === 0 ? defaultRangeExtractor(range) : withPinned(defaultRangeExtractor(range), indexes)), [indexes])
  return { rangeExtractor, handlers }
}

function pinnedIndexes(pins: Pins, list: ListRows): readonly number[] {
  if (pins === NO_PINS) return NONE
  const at = (key: string | null) => (key === null ? undefined : list.indexOf(key))
  const pinned = [at(pins.focus), at(pins.playing), ...selected(at(pins.from), at(pins.to))].filter((index) => index !== undefined)
  return pinned.length === 0 ? NONE : pinned
}

function selected(from: number | undefined, to: number | undefined): readonly (number | undefined)[] {
  if (from === undefined || to === undefined || Math.abs(from - to) > MAX_SELECTED_ROWS) return [from, to]
  const first = Math.min(from, to)
  return Array.from({ length: Math.abs(from - to) + 1 }, (_, step) => first + step)
}

function withPinned(range: number[], pinned: readonly number[]): number[] {
  return [...new Set([...range, ...pinned])].sort((a, b) => a - b)
}

/** Key of the row that holds `node`, or null outside of `scroller`. */
function keyAt(scroller: HTMLElement | null, node: Node | null): string | null {
  if (scroller === null || node === null || !scroller.contains(node)) return null
  const element = node instanceof Element ? node : node.parentElement
  return element?.closest<HTMLElement>('[data-key]')?.dataset['key'] ?? null
}
