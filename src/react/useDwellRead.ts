'use client'
import { useCallback, useEffect, useId, useRef, useSyncExternalStore } from 'react'
import { telling } from '../model/telling.js'
import type { DwellObserver, DwellState, DwellView } from '../reading/dwellTypes.js'
import type { UnreadReason } from '../reading/visibilityRule.js'
import { OFF_SCREEN, sharedDwell, type SharedDwell } from './sharedDwell.js'

/** @public */
export interface UseDwellReadOptions {
  /**
   * The message. With a `reporter`, time gathered under this id outlives the element. For other words, as of an edit, the time begins anew
   * under another id; with a reporter, which is told of this one, after its `forget(id)` and with a new element (another React `key`).
   */
  readonly id: string
  /** Told once, when it was read while mounted; again only where it was unread again. */
  readonly onRead?: (id: string) => void
  /** Where reads are gathered and reported; also decides root, dwell and focus. Default: an observer shared by the page, without report. */
  readonly reporter?: Pick<DwellObserver, 'observe' | 'getView' | 'subscribe'>
  /** Milliseconds that it must be visible, accumulated; default 800. Only without a reporter, which has its own. */
  readonly dwellMs?: number
  /** Share of the element, or of the window that it fills, that must be visible, (0, 1]; default 0.5. Only without a reporter. */
  readonly visibleFraction?: number
  /** Whether the window must have the focus, not only be visible; default true. Only without a reporter. */
  readonly requireFocus?: boolean
  /** Who has touched no key, pointer, wheel or screen for so many milliseconds reads nothing until they do; null (default) = whoever has the window in front is there. Only without a reporter. */
  readonly idleAfterMs?: number | null
  /** Default true. False stops the clock and keeps what was gathered. */
  readonly enabled?: boolean
}

/** @public */
export interface DwellRead {
  /** Goes on the element that a person reads. */
  readonly ref: (element: Element | null) => void
  readonly state: DwellState
  /** Why it is not read yet; empty once it is. */
  readonly reasons: readonly UnreadReason[]
}

/**
 * Whether a person has read an element: visible for `dwellMs` on a page that is visible and focused, however fast they scrolled before.
 * Works on any element, without a client and without a list.
 * @public
 */
export function useDwellRead({ id, onRead, reporter, dwellMs = NaN, visibleFraction = NaN, requireFocus = true, idleAfterMs = null, enabled = true }: UseDwellReadOptions): DwellRead {
  // Two lists on one page may use the same ids; only a reporter says that they mean the same message.
  const instance = useId()
  const key = reporter ? id : instance + id
  const observer = reporter ?? sharedDwell({ dwellMs, visibleFraction, requireFocus, idleAfterMs })
  const view = useSyncExternalStore(observer.subscribe, () => observer.getView(key), () => OFF_SCREEN)

  const stop = useRef<(() => void) | null>(null)
  /** What was unread while mounted, and not told yet. */
  const unread = useRef<string | null>(null)
  const ref = useCallback(
    (element: Element | null) => {
      stop.current?.()
      // It may be read before anything below listens.
      if (element && observer.getView(key).reasons[0]) unread.current = key
      stop.current = element && enabled ? observer.observe(element, key) : null
    },
    [observer, key, enabled],
  )

  const mounted = useRef<string | null>(null)
  useEffect(() => {
    mounted.current = key
    const look = () => {
      if (observer.getView(key).reasons[0]) unread.current = key
      else if (unread.current === key) {
        unread.current = null
        onRead?.(id)
      }
    }
    const unsubscribe = observer.subscribe(look)
    telling(look)()
    return () => {
      unsubscribe()
      mounted.current = null
      // What is read from here on was not while mounted. That of another id may be attached already.
      if (unread.current === key) unread.current = null
      // What nobody can ask for again is dropped. Not at once: StrictMode unmounts and mounts again in one go.
      if (!reporter) queueMicrotask(() => mounted.current === key || (observer as SharedDwell).forget(key))
    }
  }, [observer, key, id, onRead, reporter])

  const { state, reasons } = enabled || !view.reasons[0] ? view : DISABLED
  return { ref, state, reasons }
}

const DISABLED: DwellView = { state: 'unseen', reasons: ['disabled'] }
