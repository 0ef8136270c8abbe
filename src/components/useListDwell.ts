/** Tells which messages of a list were read. */
import { useEffect, useMemo, useRef, type RefObject } from 'react'
import { isCountable, messageKey, systemClock, systemRandom, type Clock, type Message, type PageVisibility, type Stop } from '../model/index.js'
import { backoffMs } from '../model/backoff.js'
import { createDwellObserver, isElementCovered, type DwellObserver, type DwellPolicy, type DwellView, type DwellViews } from '../reading/index.js'
import type { ReadStateSource } from '../receipts/index.js'
import type { ListRows, MessageListRow } from './listRows.js'

export interface ListDwellOptions {
  readonly scroller: RefObject<Element | null>
  readonly list: ListRows
  readonly readStates: ReadStateSource | null
  /** A rejection says that they were not taken: what is still shown is watched again after a wait. */
  readonly onRead: ((messages: readonly Message[]) => void) | ((messages: readonly Message[]) => Promise<void>) | undefined
  readonly isSettled: () => boolean
  readonly policy: Partial<DwellPolicy> | undefined
  readonly clock: Clock | undefined
  readonly visibility: PageVisibility | undefined
}

export interface ListDwell extends DwellViews {
  /** Watches a row until it was read; does nothing for what cannot be unread. */
  watch(element: Element, row: MessageListRow): Stop
  /** Reads at once: opened or played. */
  markNow(key: string): void
}

export function useListDwell(options: ListDwellOptions): ListDwell {
  const latest = useRef(options)
  latest.current = options
  const { policy, clock, visibility } = options
  const enabled = options.onRead !== undefined

  const dwell = useMemo(() => {
    const made: { observer: DwellObserver | null } = { observer: null }
    /** Rows on the page, by key, with what ends their being watched. */
    const rows = new Map<string, { readonly element: Element; stop: Stop }>()
    const waits = new Set<Stop>()
    const listeners = new Set<() => void>()
    let failures = 0
    const isUnread = (message: Message) => isCountable(message, '') && latest.current.readStates?.isRead(message) !== true
    const onRead = (keys: readonly string[]) => {
      const { list, onRead: tell } = latest.current
      const read = keys.flatMap((key) => {
        const row = list.rows[list.indexOf(key) ?? -1]
        return row?.kind === 'message' && isUnread(row.message) ? [row.message] : []
      })
      if (read.length === 0) return
      void Promise.resolve(tell?.(read)).then(() => (failures = 0), () => watchAgain(read))
    }
    /** What nobody took was not read: its time begins anew. */
    const watchAgain = (untaken: readonly Message[]) => {
      failures += 1
      const keys = untaken.map(messageKey)
      const wait = (clock ?? systemClock).setTimer(() => {
        waits.delete(wait)
        for (const key of keys) {
          made.observer?.forget(key)
          const row = rows.get(key)
          if (row) row.stop = observe().observe(row.element, key)
        }
      }, backoffMs(failures, systemRandom.next()))
      waits.add(wait)
    }
    // Made at the first row: the scrolling element is there by then, and a list without unread messages needs none.
    const observe = () => {
      if (made.observer) return made.observer
      made.observer = createDwellObserver({
        root: latest.current.scroller.current,
        onRead,
        isSettled: () => latest.current.isSettled(),
        // A row is as wide as the list: the empty space beside a bubble says nothing about the bubble.
        isCovered: (row) => isElementCovered(row.querySelector('.rb-bubble') ?? row),
        ...(policy && { policy }),
        ...(clock && { clock }),
        ...(visibility && { visibility }),
      })
      made.observer.subscribe(() => listeners.forEach((listener) => listener()))
      return made.observer
    }
    return {
      getView: (key: string) => made.observer?.getView(key) ?? (enabled ? UNSEEN : DISABLED),
      subscribe(listener: () => void): Stop {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      watch(element: Element, { key, own, message }: MessageListRow): Stop {
        if (!enabled || own || !isUnread(message)) return NOTHING
        const row = { element, stop: observe().observe(element, key) }
        rows.set(key, row)
        return () => {
          row.stop()
          if (rows.get(key) === row) rows.delete(key)
        }
      },
      markNow(key: string) {
        if (enabled) observe().markNow(key)
      },
      dispose() {
        for (const stop of waits) stop()
        waits.clear()
        made.observer?.dispose()
        made.observer = null
      },
    }
  }, [enabled, policy, clock, visibility])

  useEffect(() => dwell.dispose, [dwell])
  return dwell
}

const NOTHING: Stop = () => {}
const UNSEEN: DwellView = { state: 'unseen', reasons: ['offScreen'] }
const DISABLED: DwellView = { state: 'unseen', reasons: ['disabled'] }
