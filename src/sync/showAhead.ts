/** Receipts on screen before they are stored: joined in memory, and shown together, however many come. Storing them follows and joins the same again, so nothing depends on this. */
import { comparePoints, type ConversationId, type Point, type Stop } from '../model/index.js'
import type { ReceiptIndex } from '../receipts/index.js'
import { withEntry } from '../store/chatStore.js'
import type { TransportEvent } from '../transport/index.js'
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

/**
 * The first receipt is shown at once, those that follow it together after this time, milliseconds: a commit costs as much for one as for many.
 * While they keep coming it doubles, up to the longest: a number that runs is not read faster.
 */
const FIRST_PACE_MS = 80
const LONGEST_PACE_MS = 320

export function createShowAhead({ store, me, ports: { clock } }: SyncContext): ShowAhead {
  const unstored = new Set<ReceiptEvent>()
  /** What the unstored ones were joined into. Read anew from the database, an index does not have them. */
  const indexes = new Map<ConversationId, ReceiptIndex>()
  const moved = new Set<ConversationId>()
  let shownAt = Number.NEGATIVE_INFINITY
  let paceMs = FIRST_PACE_MS
  let stopTimer: Stop | null = null
  let views = store.getState().readViews

  function show(): void {
    stopTimer = null
    shownAt = clock.monotonic()
    store.setState((state) => {
      let { readViews } = state
      for (const id of moved) {
        const view = readViews.get(id)
        if (view) readViews = withEntry(readViews, id, { ...view, version: view.version + 1 })
      }
      moved.clear()
      return { readViews }
    })
  }

  function showSoon(id: ConversationId): void {
    moved.add(id)
    if (stopTimer) return
    const leftMs = shownAt + paceMs - clock.monotonic()
    if (leftMs > 0) {
      stopTimer = clock.setTimer(show, leftMs)
      paceMs = Math.min(paceMs * 2, LONGEST_PACE_MS)
    } else {
      paceMs = FIRST_PACE_MS
      show()
    }
  }

  function joinAnew(): void {
    for (const [id, index] of indexes) {
      const now = views.get(id)?.index
      if (!now || now === index) continue
      indexes.set(id, now)
      const fresh = [...unstored].filter((receipt) => receipt.conversationId === id && now.join(receipt.by, receipt))
      if (fresh.length > 0) showSoon(id)
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
      if (!index.has(receipt.by)) return false
      unstored.add(receipt)
      indexes.set(id, index)
      if (index.join(receipt.by, receipt)) showSoon(id)
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
