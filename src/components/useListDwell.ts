/** Tells which messages of a list were read. */
import { useEffect, useMemo, useRef, type RefObject } from 'react'
import { isCountable, messageKey, systemClock, systemRandom, type Clock, type Message, type PageVisibility, type Stop } from '../model/index.js'
import { backoffMs } from '../model/backoff.js'
import type { DwellObserver, DwellPolicy, DwellView, DwellViews } from '../reading/index.js'
import type { ReadStateSource } from '../receipts/index.js'
import { rowSight } from './lazyParts.js'
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
    const made: { observer: DwellObserver | null; isComing: boolean } = { observer: null, isComing: false }
    /** Opened or played before there was an observer. */
    const early = new Set<string>()
    /** Rows on the page, by key, with what ends their being watched. */
    const rows = new Map<string, { readonly element: Element; stop: Stop }>()
    const waits = new Set<Stop>()
    const listeners = new Set<() => void>()
    let failures = 0
    /** Somebody's last sign has to be known before anything comes that they could read. */
    const listens = enabled && typeof policy?.idleAfterMs === 'number'
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
          if (row) watchRow(key, row)
        }
      }, backoffMs(failures, systemRandom.next()))
      waits.add(wait)
    }
    // Made at the first row: the scrolling element is there by then, and a list without unread messages needs none.
    const observe = (): DwellObserver | null => {
      const sight = rowSight.now()
      if (made.observer || sight === null) return made.observer
      const { createDwellObserver, whyUnseen } = sight
      made.observer = createDwellObserver({
        root: latest.current.scroller.current,
        onRead,
        isSettled: () => latest.current.isSettled(),
        // A row is as wide as the list and has more in it: the space beside a bubble, and reactions below it, say nothing about the bubble.
        whyUnseen: (row, fraction, root) => whyUnseen(row.querySelector('.rb-bubble') ?? row, fraction, root),
        ...(policy && { policy }),
        ...(clock && { clock }),
        ...(visibility && { visibility }),
      })
      made.observer.subscribe(() => listeners.forEach((listener) => listener()))
      return made.observer
    }
    /** What was put off until the code was here; what did not come is asked for again with the next row. */
    const begin = () => {
      if (made.isComing) return
      made.isComing = true
      const come = () => {
        made.isComing = false
        if (rows.size === 0 && early.size === 0 && !listens) return
        const observer = observe()
        for (const [key, row] of rows) row.stop = observer?.observe(row.element, key) ?? NOTHING
        for (const key of early) observer?.markNow(key)
        early.clear()
      }
      rowSight.load().then(come, () => (made.isComing = false))
    }
    const watchRow = (key: string, row: { readonly element: Element; stop: Stop }) => {
      const observer = observe()
      if (observer === null) begin()
      else row.stop = observer.observe(row.element, key)
    }
    return {
      getView: (key: string) => made.observer?.getView(key) ?? (enabled ? UNSEEN : DISABLED),
      subscribe(listener: () => void): Stop {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      watch(element: Element, { key, own, message }: MessageListRow): Stop {
        if (!enabled || own || !isUnread(message)) return NOTHING
        const row = { element, stop: NOTHING }
        rows.set(key, row)
        watchRow(key, row)
        return () => {
          row.stop()
          if (rows.get(key) === row) rows.delete(key)
        }
      },
      markNow(key: string) {
        if (!enabled) return
        const observer = observe()
        if (observer !== null) return observer.markNow(key)
        early.add(key)
        begin()
      },
      listen: () => void (listens && begin()),
      dispose() {
        for (const stop of waits) stop()
        waits.clear()
        early.clear()
        made.observer?.dispose()
        made.observer = null
      },
    }
  }, [enabled, policy, clock, visibility])

  useEffect(() => {
    dwell.listen()
    return dwell.dispose
  }, [dwell])
  return dwell
}

const NOTHING: Stop = () => {}
const UNSEEN: DwellView = { state: 'unseen', reasons: ['offScreen'] }
const DISABLED: DwellView = { state: 'unseen', reasons: ['disabled'] }
