import type { Clock, PageVisibility, Stop, UserActivity } from '../model/index.js'
import type { ReceiptPolicy } from '../receipts/policy.js'
import type { UnseenReason } from './measure.js'
import type { UnreadReason } from './visibilityRule.js'

/** How far the reading of one message got. @public */
export type DwellState = 'unseen' | 'dwelling' | 'read'

/** State and reasons of one message; the same object until one of them changes. @public */
export interface DwellView {
  readonly state: DwellState
  /** Why it is not read yet; empty once it is. */
  readonly reasons: readonly UnreadReason[]
}

/** @public */
export type DwellPolicy = Pick<ReceiptPolicy, 'dwellMs' | 'visibleFraction' | 'requireFocus' | 'idleAfterMs'>

/** @public */
export interface DwellObserverOptions {
  /** Told once for each id, when it was read; several that completed together come in one call. */
  readonly onRead: (ids: readonly string[]) => void
  /** The list's scrolling element: what counts as the viewport. Default: found from each element. What is outside the window is never seen, whatever this is. */
  readonly root?: Element | null
  /** Defaults: 800 ms, half, focus required, nobody too idle. What is no such setting (NaN, a negative time) is the default. */
  readonly policy?: Partial<DwellPolicy>
  readonly clock?: Clock
  readonly visibility?: PageVisibility
  /** Signs of somebody at the page; asked only where the policy has `idleAfterMs`. */
  readonly activity?: UserActivity
  /** False while the list jumps or restores; time does not count then. Default: always settled. */
  readonly isSettled?: () => boolean
  /** What the page says against an element's being seen, at every sample that adds time. Default: {@link whyUnseen}. */
  readonly whyUnseen?: (element: Element, fraction: number, root: Element | null) => UnseenReason | null
  /** For tests and old browsers; default the page's own. */
  readonly IntersectionObserver?: typeof IntersectionObserver
}

/** What an observer knows of each id: a part of it that watches nothing itself. @public */
export type DwellViews = Pick<DwellObserver, 'getView' | 'subscribe'>

/** @public */
export interface DwellObserver {
  /**
   * Watches an element under an id until it was read, or what comes back is called. The time is of the id: it outlives its elements, and is one where there are
   * several (in a list, and in a panel beside it); it runs while any of them is seen.
   */
  observe(element: Element, id: string): Stop
  /** Reads at once: opened, played, replied to, reacted to. */
  markNow(id: string): void
  /** The same object until something of it changed. */
  getView(id: string): DwellView
  /** Told after the view of any id changed. */
  subscribe(listener: () => void): Stop
  /** Forgets an id that will not come back, with its time. */
  forget(id: string): void
  dispose(): void
}
