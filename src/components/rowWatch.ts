/** Watches the rows of a list until they were read, and tells which messages those were. */
import { backoffMs } from '../model/backoff.js'
import { systemClock, systemRandom, type Clock, type PageVisibility, type Stop, type UserId } from '../model/index.js'
import { createDwellObserver } from '../reading/createDwellObserver.js'
import type { DwellPolicy, DwellView } from '../reading/index.js'
import { whyMessageUnseen } from '../reading/whyMessageUnseen.js'
import type { MessageListRow } from './listRows.js'
import type { ListDwellOptions } from './useListDwell.js'

/** A row on the page, with what ends its being watched. */
export interface WatchedRow {
  readonly element: Element
  /** What its message says. */
  readonly words?: string | undefined
  /** Whether somebody had to look at it when that was asked last. */
  isUnseen?: boolean
  stop: Stop
}

export interface RowWatchOptions {
  /** The list as it is now. */
  readonly list: () => Pick<ListDwellOptions, 'scroller' | 'list' | 'userId' | 'onRead' | 'isSettled'>
  readonly rows: ReadonlyMap<string, WatchedRow>
  readonly isUnseen: (row: MessageListRow) => boolean
  readonly policy: Partial<DwellPolicy> | undefined
  readonly clock: Clock | undefined
  readonly visibility: PageVisibility | undefined
  readonly onChange: () => void
}

export interface RowWatch {
  getView(key: string): DwellView
  observe(key: string, row: WatchedRow): void
  markNow(key: string): void
  /** What was told may count as read now, also of rows that are not on the page: should it be unread again, it is watched. */
  noteReads(): void
  dispose(): void
}

export function createRowWatch({ list: now, rows, isUnseen, policy, clock, visibility, onChange }: RowWatchOptions): RowWatch {
  const waits = new Set<Stop>()
  let isOver = false
  let failures = 0
  const told = toldBy(now())
  /** Read while the list was about to show something else: told when they are in it again, since nobody reads them twice. */
  const missed = new Set<string>()
  /** Told, and nobody has answered yet. */
  const underWay = new Set<string>()
  /** Told and not taken: not read, and watched by nobody until their time begins anew. */
  const untaken = new Set<string>()
  /** What was looked at of each that nobody has read yet. */
  const looked = new Map<string, string | undefined>()
  const onRead = (keys: readonly string[]) => {
    const { list, onRead: tell } = now()
    const read = keys.flatMap((key) => {
      const row = list.rows[list.indexOf(key) ?? -1]
      if (!row) missed.add(key)
      return row?.kind === 'message' && isUnseen(row) && !told.has(key) ? [row] : []
    })
    if (read.length === 0) return
    for (const row of read) underWay.add(row.key)
    // What it throws at once it did not take either.
    void new Promise((resolve) => resolve(tell?.(read.map(({ message }) => message)))).then(() => {
      failures = 0
      for (const row of read) {
        underWay.delete(row.key)
        looked.delete(row.key)
        told.set(row.key, !isUnseen(row))
      }
    }, () => watchAgain(read.map(({ key }) => key)))
  }
  /** What nobody took was not read: its time begins anew. With another policy it has begun anew already, by that one. */
  const watchAgain = (keys: readonly string[]) => {
    if (isOver) return
    failures += 1
    for (const key of keys) {
      underWay.delete(key)
      untaken.add(key)
    }
    onChange()
    const wait = (clock ?? systemClock).setTimer(() => {
      waits.delete(wait)
      for (const key of keys) {
        untaken.delete(key)
        observer.forget(key)
        const row = rows.get(key)
        if (row) observe(key, row)
      }
      onChange()
    }, backoffMs(failures, systemRandom.next()))
    waits.add(wait)
  }
  const observer = createDwellObserver({
    root: now().scroller.current,
    onRead,
    isSettled: () => now().isSettled(),
    // A row is as wide as the list and has more in it: the space beside a bubble, and reactions below it, say nothing about the bubble.
    whyUnseen: (row, fraction, root) => (row.querySelector(BUSY_AROUND) ? 'notPainted' : whyMessageUnseen(row.querySelector('.rb-bubble') ?? row, fraction, root)),
    ...(policy && { policy }),
    ...(clock && { clock }),
    ...(visibility && { visibility }),
  })
  observer.subscribe(onChange)
  const observe = (key: string, row: WatchedRow) => {
    if (missed.delete(key)) onRead([key])
    // It was read, and is unread again: the browser threw the database away.
    if (told.get(key)) told.delete(key)
    if (told.has(key)) observer.markNow(key)
    // So was what somebody did something with while it was watched, and nobody had to be told of.
    else if (!observer.getView(key).reasons[0] && ![underWay, missed, untaken].some((waiting) => waiting.has(key))) observer.forget(key)
    // Nobody has looked at these words yet. What was read stays so.
    if (looked.get(key) !== row.words && observer.getView(key).reasons[0]) observer.forget(key)
    looked.set(key, row.words)
    row.stop = observer.observe(row.element, key)
  }
  return {
    getView: (key) => (untaken.has(key) ? UNWATCHED : observer.getView(key)),
    observe,
    markNow: (key) => observer.markNow(key),
    noteReads() {
      const { list } = now()
      for (const [key, isNoted] of told) {
        const row = isNoted ? undefined : list.rows[list.indexOf(key) ?? -1]
        if (row?.kind === 'message' && !isUnseen(row)) told.set(key, true)
      }
    },
    dispose() {
      isOver = true
      for (const stop of waits) stop()
      waits.clear()
      observer.dispose()
    },
  }
}

/** What a row says of itself that is drawn around its bubble, and not what its list does. */
const BUSY_AROUND = ':scope [aria-busy="true"] .rb-bubble'

/** What was taken, by key, and whether it was noted as read then. */
type Told = Map<string, boolean>

/** What was taken of what each read in a list: with another policy, or when it was hidden for a while (`<Activity>`), it begins with another watch, which tells none of it again. */
const lists = new WeakMap<ListDwellOptions['scroller'], Map<UserId | undefined, Told>>()

function toldBy({ scroller, userId }: Pick<ListDwellOptions, 'scroller' | 'userId'>): Told {
  const readers = lists.get(scroller) ?? new Map<UserId | undefined, Told>()
  const told = readers.get(userId) ?? new Map<string, boolean>()
  lists.set(scroller, readers.set(userId, told))
  return told
}

const UNWATCHED: DwellView = { state: 'unseen', reasons: ['disabled'] }
