/** What a list shows of where it stands, and what it is told and asked (`listScroll.ts`). */
import type { MessageSnapshot, MessageSource, SourceAnchor, Stop } from '../model/index.js'
import type { ListVirtualizer } from './listPosition.js'
import type { ListRows } from './listRows.js'

export interface ListView {
  /** Rows may be shown: the first place was reached. */
  readonly anchored: boolean
  /** Nothing moves by itself any more; what is visible may count as read. */
  readonly settled: boolean
  readonly atNewest: boolean
  /** Messages of others that came while the reader was elsewhere. */
  readonly newCount: number
}

export const FIRST_VIEW: ListView = { anchored: false, settled: false, atNewest: false, newCount: 0 }

export interface ListScrollHost {
  /** Renders the list again. `now`: before this returns. */
  render(now: boolean): void
  show(view: ListView): void
  onError(error: unknown): void
}

/** What is at the top edge of the viewport, and the day that it belongs to. */
export interface DateAtTop {
  readonly key: string
  readonly topPx: number
  /** Epoch milliseconds. */
  readonly time: number
  /** A date is in view just there, or the list stands at its end or moves by itself: none is to float. */
  readonly covered: boolean
}

export interface ListCommit {
  readonly source: MessageSource
  readonly snapshot: MessageSnapshot
  readonly list: ListRows
  readonly initialPosition: SourceAnchor
  /** Messages sent here begin as local echoes: an own one that comes with a place was sent elsewhere. */
  readonly echoes: boolean
}

export interface ListScroll {
  attach(scroller: HTMLElement, virtualizer: ListVirtualizer): Stop
  /** While rendering, before the virtualizer is given the new rows. */
  hold(): void
  /** While rendering, when it has them. */
  foresee(next: ListCommit): void
  /** In a layout effect after every commit. */
  commit(next: ListCommit): void
  /** Told whenever the virtualizer changed. */
  changed(): void
  /** Whether the viewport moves with a row that changes its height, besides those that the virtualizer's own look at it says. */
  movesWith(index: number): boolean
  isMeasuring(): boolean
  /** The virtualizer is about to move the element, and has: what the reader scrolled before is the reader's. */
  moving(move: () => void): void
  /** Resolves to whether there is such a place. */
  goTo(anchor: SourceAnchor): Promise<boolean>
  /** Null while there are no messages. */
  dateAtTop(): DateAtTop | null
  view(): ListView
}
