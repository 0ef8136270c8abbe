import type { Message } from './message.js'
import type { Stop } from './ports.js'
import type { Point } from './point.js'
import type { MessageId } from './ids.js'

/** What a message list shows: a bounded window of one conversation. A new object whenever anything in it changed. @public */
export interface MessageSnapshot {
  /** In order, local echoes last; a failed one stays where it failed. The array is new when it changed; an unchanged message keeps its identity. */
  readonly messages: readonly Message[]
  readonly hasOlder: boolean
  /** True while the window does not reach the newest message. */
  readonly hasNewer: boolean
  readonly loading: 'none' | 'initial' | 'older' | 'newer' | 'around'
  /** `unknown`: there is no such conversation. */
  readonly status: 'loading' | 'ready' | 'unknown' | 'failed'
  /** Key (`messageKey`) of the first unread message when the conversation was opened; null = none. Fixed until it is opened again. */
  readonly firstUnreadKey: string | null
}

/** Where to load around: a message, a place, or a time (epoch milliseconds). @public */
export type SourceAnchor = { readonly id: MessageId } | { readonly at: Point } | { readonly time: number } | 'newest' | 'firstUnread'

/**
 * Anything that can feed `<MessageList>`: the client gives one per conversation, `createArraySource` makes one, a host's own store can be one.
 * Snapshots are immutable and stable between changes (useSyncExternalStore).
 * @public
 */
export interface MessageSource {
  getSnapshot(): MessageSnapshot
  getServerSnapshot(): MessageSnapshot
  subscribe(listener: () => void): Stop
  /** Each loads one more page and may drop rows at the far end; idempotent while under way. */
  loadOlder?(): Promise<void>
  loadNewer?(): Promise<void>
  loadAround?(anchor: SourceAnchor): Promise<void>
}
