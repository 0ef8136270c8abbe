'use client'
import { useEffect, useRef, useState, type RefObject } from 'react'
import type { Clock, Stop } from '../model/index.js'
import { useLocale } from '../react/localeContext.js'
import { dayOf, isoDay } from './isoDay.js'
import type { DateAtTop } from './listView.js'

/** How long the day stays after the last scrolling, milliseconds: long enough to be read, short enough not to cover the text below it. */
const LINGER_MS = 1200
/** What moves by less, CSS pixels, was moved by the list itself. */
const MOVED_PX = 2

export interface FloatingDateProps {
  readonly scroller: RefObject<HTMLElement | null>
  /** The day at the top of the viewport and where its row stands; null where none is to be shown. */
  readonly dateAt: () => DateAtTop | null
  readonly nowMs: number
  readonly clock: Clock
  /** A day was picked: its beginning, epoch milliseconds. */
  readonly onPick: (time: number) => void
}

/**
 * The day of what is at the top, shown over the list while the reader scrolls. One element, and a rendering of its own only when
 * the day changes or it comes and goes. A press opens the browser's own calendar, to go to another day. Hidden from assistive technology and not
 * reached by Tab: the separators in the list say the same, and `MessageListHandle.scrollToDate` goes there.
 */
export function FloatingDate({ scroller, dateAt, nowMs, clock, onPick }: FloatingDateProps) {
  const [{ time, shown }, setState] = useState<{ time: number | null; shown: boolean }>({ time: null, shown: false })
  const latest = useRef(dateAt)
  latest.current = dateAt
  const { formatters } = useLocale()
  const picker = useRef<HTMLInputElement>(null)
  const hovered = useRef(false)

  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    let stop: Stop | null = null
    let before: DateAtTop | null = null
    const hide = () => setState((state) => (state.shown ? { ...state, shown: false } : state))
    // Whoever is about to press it still finds it.
    const fade = () => {
      if (hovered.current) stop = clock.setTimer(fade, LINGER_MS)
      else hide()
    }
    const onScroll = () => {
      const at = latest.current()
      const moved = at !== null && before !== null && (at.key !== before.key || Math.abs(at.topPx - before.topPx) > MOVED_PX)
      before = at
      if (at === null || at.covered) return hide()
      if (!moved) return
      setState((state) => (state.shown && state.time === at.time ? state : { time: at.time, shown: true }))
      stop?.()
      stop = clock.setTimer(fade, LINGER_MS)
    }
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      stop?.()
      element.removeEventListener('scroll', onScroll)
    }
  }, [scroller, clock])

  if (time === null) return null
  return (
    <div className="rb-floating-date" style={shown ? OVER : HIDDEN} data-shown={shown} aria-hidden="true">
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- for pointers alone, see above */}
      <span className="rb-floating-date-label" style={LABEL} onPointerEnter={() => (hovered.current = true)} onPointerLeave={() => (hovered.current = false)} onClick={() => openPicker(picker.current)}>
        {formatters.day(time, nowMs)}
        <input ref={picker} type="date" tabIndex={-1} style={PICKER} value={isoDay(time) ?? ''} max={isoDay(nowMs)} onChange={({ target }) => Number.isNaN(dayOf(target.value)) || onPick(dayOf(target.value))} />
      </span>
    </div>
  )
}

/** Browsers without a calendar of their own, and frames of another origin, open none. */
function openPicker(input: HTMLInputElement | null): void {
  try {
    input?.showPicker()
  } catch {
    // Nothing to pick by.
  }
}

/** Also where no stylesheet says so: it moves no row, and only its words take a click. */
const OVER = { position: 'absolute', insetInline: 0, insetBlockStart: 0, pointerEvents: 'none', visibility: 'visible' } as const
const HIDDEN = { ...OVER, visibility: 'hidden' } as const
const LABEL = { position: 'relative', pointerEvents: 'auto', cursor: 'pointer' } as const
/** The calendar opens where it lies, and stays when the day fades. */
const PICKER = { position: 'absolute', inset: 0, inlineSize: '100%', blockSize: '100%', opacity: 0, pointerEvents: 'none', visibility: 'visible' } as const
