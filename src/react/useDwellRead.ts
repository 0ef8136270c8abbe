'use client'
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { createDwellObserver } from '../reading/createDwellObserver.js'
import type { DwellObserver, DwellState, DwellView } from '../reading/dwellTypes.js'
import type { UnreadReason } from '../reading/visibilityRule.js'
import { DEFAULT_DWELL_POLICY } from '../receipts/policy.js'

/** @public */
export interface UseDwellReadOptions {
  /** The message. With a `reporter`, time gathered under this id outlives the element. */
  readonly id: string
  /** Told once, when it was read while mounted. */
  readonly onRead?: (id: string) => void
  /** Where reads are gathered and reported; also decides root, dwell and focus. Default: an observer shared by the page, without report. */
  readonly reporter?: Pick<DwellObserver, 'observe' | 'getView' | 'subscribe'>
  /** Milliseconds that it must be visible, accumulated; default 800. Only without a reporter, which has its own. */
  readonly dwellMs?: number
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

const NOTHING_SEEN: DwellView = { state: 'unseen', reasons: ['offScreen'] }
const DISABLED: readonly UnreadReason[] = ['disabled']

/**
 * Whether a person has read an element: visible for `dwellMs` on a page that is visible and focused, however fast they scrolled before.
 * Works on any element, without a client and without a list.
 * @public
 */
export function useDwellRead({ id, onRead, reporter, dwellMs = DEFAULT_DWELL_POLICY.dwellMs, enabled = true }: UseDwellReadOptions): DwellRead {
  // Two lists on one page may use the same ids; only a reporter says that they mean the same message.
  const [instance] = useState(() => (instances += 1))
  const key = reporter ? id : `${instance} ${id}`
  const observer = reporter ?? sharedObserver(dwellMs)
  const view = useSyncExternalStore(observer.subscribe, () => observer.getView(key), () => NOTHING_SEEN)

  const stop = useRef<(() => void) | null>(null)
  const ref = useCallback(
    (element: Element | null) => {
      stop.current?.()
      stop.current = element && enabled ? observer.observe(element, key) : null
    },
    [observer, key, enabled],
  )

  const told = useRef(onRead)
  useEffect(() => {
    told.current = onRead
  })
  useEffect(() => {
    if (observer.getView(key).state === 'read') return
    const unsubscribe = observer.subscribe(() => {
      if (observer.getView(key).state !== 'read') return
      unsubscribe()
      told.current?.(id)
    })
    return unsubscribe
  }, [observer, key, id])

  useForget(reporter ? null : sharedObserver(dwellMs), key)
  return { ref, state: enabled || view.state === 'read' ? view.state : 'unseen', reasons: enabled || view.state === 'read' ? view.reasons : DISABLED }
}

/** What nobody can ask for again is dropped after unmounting. Not at once: StrictMode unmounts and mounts again in one go. */
function useForget(observer: DwellObserver | null, key: string): void {
  const mounted = useRef<string | null>(null)
  useEffect(() => {
    mounted.current = key
    return () => {
      mounted.current = null
      queueMicrotask(() => {
        if (mounted.current !== key) observer?.forget(key)
      })
    }
  }, [observer, key])
}

let instances = 0
const shared = new Map<number, DwellObserver>()

/** What is no time is the default: NaN would read nothing, and less than nothing everything. */
function sharedObserver(asked: number): DwellObserver {
  const dwellMs = asked >= 0 ? asked : DEFAULT_DWELL_POLICY.dwellMs
  let observer = shared.get(dwellMs)
  if (!observer) shared.set(dwellMs, (observer = createDwellObserver({ policy: { dwellMs }, onRead: () => {} })))
  return observer
}
