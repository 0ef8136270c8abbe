/** Receipts on screen before they are stored: joined in memory, and shown together, however many come. Storing them follows and joins the same again, so nothing depends on this. */
import { comparePoints, type ConversationId, type Point, type Stop } from '../model/index.js'
import type { ReceiptIndex } from '../receipts/index.js'
import { withEntry } from '../store/chatStore.js'
import type { TransportEvent } from '../transport/index.js'
import { crossesEpochs } from './acrossEpochs.js'
import type { SyncContext } from './context.js'

/** As `cleanReceipt` leaves it. */
export type ReceiptEvent = Extract<TransportEvent, { type: 'receipt' }>

export interface ShowAhead {
  /** Returns whether the screen needs nothing more of this receipt, so that storing it can wait for others. */
  note(receipt: ReceiptEvent): boolean
  /** These are in the database now. */
  forget(stored: Iterable<TransportEvent>): void
  stop(): void
}

/** A receipt is shown at once, what follows within this time together at its end, milliseconds: two frames, so that no frame has two commits, also when one is late. */
const LEAST_PACE_MS = 34
/**
 * Where several come within that time, or one after the other without a pause, they are shown together after this time, milliseconds: a commit costs as much
 * for one as for many. While they keep coming it doubles, up to the longest: a number that runs is not read faster.
 */
const FIRST_PACE_MS = 80
const LONGEST_PACE_MS = 320
/** So many may follow each other by less than the longest pace. */
const MOST_IN_A_ROW = 20

export function createShowAhead({ store, me, ports: { clock } }: SyncContext): ShowAhead {
  const unstored = new Set<ReceiptEvent>()
  /** What the unstored ones were joined into. Read anew from the database, an index does not have them. */
  const indexes = new Map<ConversationId, ReceiptIndex>()
  /** Not joined yet: what is joined between two showings would be shown by any other change. */
  let waiting: ReceiptEvent[] = []
  let shownAt = Number.NEGATIVE_INFINITY
  let paceMs = LEAST_PACE_MS
  /** Showings without a pause between them. */
  let inARow = 0
  let stopTimer: Stop | null = null
  let views = store.getState().readViews

  function show(): void {
    stopTimer = null
    keepPace(clock.monotonic())
    const moved = new Set<ConversationId>()
    for (const receipt of waiting) {
      const id = receipt.conversationId!
      const index = views.get(id)?.index
      // What was known of them when it came may not be believed any more.
      if (index && !crossesEpochs(receipt, () => index.getProgress(receipt.by)[receipt.kind]) && index.join(receipt.by, receipt)) moved.add(id)
    }
    waiting = []
    if (moved.size > 0) tell(moved)
  }

  function keepPace(now: number): void {
    inARow = now - shownAt <= LONGEST_PACE_MS ? inARow + 1 : 0
    const isFlood = waiting.length > 1 || inARow > MOST_IN_A_ROW
    paceMs = isFlood ? Math.min(Math.max(paceMs * 2, FIRST_PACE_MS), LONGEST_PACE_MS) : LEAST_PACE_MS
    shownAt = now
  }

  function tell(moved: ReadonlySet<ConversationId>): void {
    store.setState(({ readViews }) => {
      let next = readViews
      for (const id of moved) {
        const view = next.get(id)
        if (view) next = withEntry(next, id, { ...view, version: view.version + 1 })
      }
      return { readViews: next }
    })
  }

  function showSoon(): void {
    if (stopTimer) return
    const leftMs = shownAt + paceMs - clock.monotonic()
    if (leftMs > 0) stopTimer = clock.setTimer(show, leftMs)
    else show()
  }

  function joinAnew(): void {
    const unjoined = waiting.length
    for (const [id, index] of indexes) {
      const now = views.get(id)?.index
      if (!now || now === index) continue
      indexes.set(id, now)
      waiting = [...unstored]
    }
    // With what was read, not after it: nothing on screen goes and comes back.
    if (waiting.length > unjoined) {
      stopTimer?.()
      show()
    }
  }

  const stopListening = store.subscribe(({ readViews }) => {
    if (readViews === views) return
    views = readViews
    joinAnew()
  })

  return {
    note(receipt) {
      const id = receipt.conversationId
      if (id === undefined || receipt.ids || receipt.count || receipt.by === me || receipt.visibility !== 'published') return false
      // What is ahead of the newest message waits in the database, and for a stranger as well.
      if (!isReached(store.getState().conversations.get(id)?.head ?? null, receipt)) return false
      const index = views.get(id)?.index
      if (!index) return true
      // What it says of an epoch before its own is for the database to know.
      if (!index.has(receipt.by) || crossesEpochs(receipt, () => index.getProgress(receipt.by)[receipt.kind])) return false
      unstored.add(receipt)
      indexes.set(id, index)
      waiting.push(receipt)
      showSoon()
      return true
    },
    forget(stored) {
      for (const event of stored) if (event.type === 'receipt') unstored.delete(event)
      if (unstored.size === 0) indexes.clear()
    },
    stop() {
      stopListening()
      stopTimer?.()
    },
  }
}

function isReached(head: Point | null, { upTo, ranges = [] }: ReceiptEvent): boolean {
  const here = (point: Point) => head !== null && comparePoints(point, head) <= 0
  return (!upTo || here(upTo)) && ranges.every(({ to }) => here(to))
}
