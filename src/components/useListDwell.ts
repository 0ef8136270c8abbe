/** Tells which messages of a list were read. */
import { useEffect, useMemo, useRef, type RefObject } from 'react'
import { systemClock, type Clock, type Message, type PageVisibility, type Stop, type UserId } from '../model/index.js'
import { telling } from '../model/telling.js'
import { sharedSubscription } from '../react/sharedSubscription.js'
import type { DwellPolicy, DwellView, DwellViews } from '../reading/index.js'
import type { ReadStateSource } from '../receipts/index.js'
import { besideEngine } from './lazyBesideEngine.js'
import { mayBeUnread, type ListRows, type MessageListRow } from './listRows.js'
import type { RowWatch, WatchedRow } from './rowWatch.js'
import { wordsOf } from './wordsOf.js'

export interface ListDwellOptions {
  readonly scroller: RefObject<Element | null>
  readonly list: ListRows
  /** Who reads; somebody else begins anew. */
  readonly userId: UserId | undefined
  readonly readStates: ReadStateSource | null
  /** A rejection says that they were not taken: what is still shown is watched again after a wait. */
  readonly onRead: ((messages: readonly Message[]) => void) | ((messages: readonly Message[]) => Promise<void>) | undefined
  readonly isSettled: () => boolean
  readonly policy: Partial<DwellPolicy> | undefined
  readonly clock: Clock | undefined
  readonly visibility: PageVisibility | undefined
}

export interface ListDwell extends DwellViews {
  /** Watches a row until it was read; does nothing for what nobody has to look at. */
  watch(element: Element, row: MessageListRow): Stop
  /** Reads at once: opened or played. */
  markNow(key: string): void
}

export function useListDwell(options: ListDwellOptions): ListDwell {
  const latest = useRef(options)
  latest.current = options
  const { policy, clock, visibility, userId, readStates } = options
  const enabled = options.onRead !== undefined

  const dwell = useMemo(() => {
    /** `listens`: somebody's last sign has to be known before anything comes that they could read. */
    const made: { watch: RowWatch | null; isComing: boolean; listens: boolean } = { watch: null, isComing: false, listens: false }
    /** Opened or played before anything watched. */
    const early = new Set<string>()
    /** Rows on the page, by key, also those that were read: they may be unread again. */
    const rows = new Map<string, WatchedRow>()
    const listeners = new Set<() => void>()
    const isUnseen = (row: MessageListRow) => {
      const { readStates } = latest.current
      return mayBeUnread(row) && !(readStates?.isSeen?.(row.message) ?? readStates?.isRead(row.message))
    }
    // Made at the first row: the scrolling element is there by then, and a list without unread messages needs none.
    const make = (): RowWatch | null =>
      (made.watch ??= besideEngine.now()?.createRowWatch({ list: () => latest.current, rows, isUnseen, policy, clock, visibility, onChange: () => listeners.forEach((listener) => telling(listener)()) }) ?? null)
    /** What was put off until the code was here; what did not come is asked for again with the next row. */
    const begin = () => {
      if (made.isComing) return
      made.isComing = true
      const come = () => {
        made.isComing = false
        const unseen = [...rows].filter(([, row]) => row.isUnseen)
        if (unseen.length === 0 && early.size === 0 && !made.listens) return
        const watch = make()
        for (const [key, row] of unseen) watch?.observe(key, row)
        for (const key of early) watch?.markNow(key)
        early.clear()
      }
      besideEngine.load().then(come, () => (made.isComing = false))
    }
    const observe = (key: string, row: WatchedRow) => {
      const watch = make()
      if (watch === null) begin()
      else watch.observe(key, row)
    }
    /** Of rows that stay where they are: read elsewhere, or unread again. */
    const look = () => {
      stopLooking = null
      lookedAt = (clock ?? systemClock).monotonic()
      const { list } = latest.current
      for (const [key, row] of rows) {
        const listed = list.rows[list.indexOf(key) ?? -1]
        if (listed?.kind !== 'message') continue
        const wasUnseen = row.isUnseen
        row.isUnseen = isUnseen(listed)
        if (row.isUnseen && !wasUnseen) observe(key, row)
      }
      made.watch?.noteReads()
    }
    let lookedAt = -Infinity
    let stopLooking: Stop | null = null
    return {
      /** Once a frame, however often it is asked for: a flood of receipts looks no more often. */
      lookAgain() {
        const now = clock ?? systemClock
        const waitMs = lookedAt + FRAME_MS - now.monotonic()
        if (waitMs <= 0) look()
        else stopLooking ??= now.setTimer(look, waitMs)
      },
      getView: (key: string) => made.watch?.getView(key) ?? (enabled ? UNSEEN : DISABLED),
      subscribe(listener: () => void): Stop {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      watch(element: Element, listed: MessageListRow): Stop {
        if (!enabled) return NOTHING
        const { key, message } = listed
        const row = { element, words: wordsOf(message), isUnseen: isUnseen(listed), stop: NOTHING }
        rows.set(key, row)
        if (row.isUnseen) observe(key, row)
        return () => {
          row.stop()
          if (rows.get(key) === row) rows.delete(key)
        }
      },
      markNow(key: string) {
        if (!enabled) return
        const watch = make()
        if (watch !== null) return watch.markNow(key)
        early.add(key)
        begin()
      },
      listen() {
        made.listens = enabled && Boolean(policy?.idleAfterMs)
        if (made.listens) begin()
      },
      dispose() {
        made.listens = false
        stopLooking?.()
        stopLooking = null
        early.clear()
        made.watch?.dispose()
        made.watch = null
      },
    }
    // oxlint-disable-next-line react/exhaustive-deps -- what one has read, another has not
  }, [enabled, policy, clock, visibility, userId])

  useEffect(() => {
    dwell.listen()
    return dwell.dispose
  }, [dwell])
  useEffect(() => (enabled && readStates !== null ? sharedSubscription(readStates)(dwell.lookAgain) : undefined), [dwell, enabled, readStates])
  return dwell
}

/** A little over one frame at 60 Hz, milliseconds. */
const FRAME_MS = 17

const NOTHING: Stop = () => {}
const UNSEEN: DwellView = { state: 'unseen', reasons: ['offScreen'] }
const DISABLED: DwellView = { state: 'unseen', reasons: ['disabled'] }
