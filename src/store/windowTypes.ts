import type { ManualUnread, Message, MessageSnapshot, Point } from '../model/index.js'

/** The part of one conversation that the screen holds: placed rows in order, failed echoes where they failed, other local echoes last. */
export interface MessageWindow extends MessageSnapshot {
  readonly messages: readonly Message[]
  /** Which way the reader was going: at overflow the far end is let go. */
  readonly lean: 'older' | 'newer'
  /** While there is no row: where missing history ends, so that rows from before it do not enter. */
  readonly from?: Point
  /** How the conversation was marked as unread when it was opened; absent: it was not known then. */
  readonly markAtEntry?: ManualUnread | undefined
}

/** Before anything was read from storage. */
export const CLOSED_WINDOW: MessageWindow = Object.freeze({
  messages: Object.freeze([]) as readonly Message[],
  hasOlder: false,
  hasNewer: false,
  loading: 'initial',
  status: 'loading',
  firstUnreadKey: null,
  lean: 'newer',
})

/** Most rows a window holds, besides those that wait to be sent; beyond it the far end is let go, to be paged in again. A few screens of rows, so that neither end is near. */
export const MAX_WINDOW_ROWS = 400
