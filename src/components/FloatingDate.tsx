'use client'
import { useEffect, useRef, useState, type RefObject } from 'react'
import type { Clock, Stop } from '../model/index.js'
import { useLocale } from '../react/localeContext.js'
import type { DateAtTop } from './listScroll.js'

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
}

/**
 * The day of what is at the top, shown over the list while the reader scrolls. One element, and a rendering of its own only when
 * the day changes or it comes and goes. Hidden from assistive technology: the separators in the list say the same.
 */
export function FloatingDate({ scroller, dateAt, nowMs, clock }: FloatingDateProps) {
  const [{ time, shown }, setState] = useState<{ time: number | null; shown: boolean }>({ time: null, shown: false })
  const latest = useRef(dateAt)
  latest.current = dateAt
  const { formatters } = useLocale()

  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    let stop: Stop | null = null
    let before: DateAtTop | null = null
    const hide = () => setState((state) => (state.shown ? { ...state, shown: false } : state))
    const onScroll = () => {
      const at = latest.current()
      const moved = at !== null && before !== null && (at.key !== before.key || Math.abs(at.topPx - before.topPx) > MOVED_PX)
      before = at
      if (at === null || at.covered) return hide()
      if (!moved) return
      setState((state) => (state.shown && state.time === at.time ? state : { time: at.time, shown: true }))
      stop?.()
      stop = clock.setTimer(hide, LINGER_MS)
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
      <span className="rb-floating-date__label">{formatters.day(time, nowMs)}</span>
    </div>
  )
}

/** Also where no stylesheet says so: it moves no row and takes no click. */
const OVER = { position: 'absolute', insetInline: 0, insetBlockStart: 0, pointerEvents: 'none', visibility: 'visible' } as const
const HIDDEN = { ...OVER, visibility: 'hidden' } as const
