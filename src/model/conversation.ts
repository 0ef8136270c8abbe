import type { ConversationId, UserId } from './ids.js'
import type { Message } from './message.js'
import type { Point } from './point.js'

/** @public */
export type ConversationKind = 'direct' | 'group'

/** Enough to address a conversation on any wire. @public */
export interface ConversationRef {
  readonly id: ConversationId
  readonly kind: ConversationKind
}

/** How many countable messages are unread; `exact: false` is shown as "99+" or with a mark instead of wrong. @public */
export interface UnreadCount {
  readonly count: number
  readonly exact: boolean
}

/** Manual "mark as unread" (`markUnread` of the client): greater `rev` wins, a tie is on. It never moves the read state. @public */
export interface ManualUnread {
  readonly rev: number
  readonly on: boolean
}

/** Who is told what I read. `private`: delivered only; my own devices still sync. `off`: nothing is published. @public */
export type ReceiptVisibility = 'public' | 'private' | 'off'

/** One conversation with its aggregates, so that lists need no scan of messages. @public */
export interface Conversation extends ConversationRef {
  readonly title?: string
  readonly avatarUrl?: string
  /** Greatest point received or announced. Receipts beyond it are held, never applied to what comes later. */
  readonly head: Point | null
  readonly lastMessage: Message | null
  /** Epoch milliseconds of the last message; 0 when there is none. */
  readonly lastActivityAt: number
  /** Null until counted: shown as loading, not as zero. */
  readonly unread: UnreadCount | null
  readonly manualUnread: ManualUnread
  readonly draft?: string
  readonly pinned?: boolean
  /** Receipts for this conversation; absent: as the user has it set. */
  readonly receipts?: ReceiptVisibility
  /** When I was a member; what was said at other times is not unread. Absent: always, or nobody knows. */
  readonly joined?: readonly MembershipInterval[]
  /** Whether every member ever known to the back end is in the roster. */
  readonly rosterComplete: boolean
  /** Of groups: for whom later messages are is still to be asked (null: any), since somebody may have joined while this device was away. Absent: the roster is that of all. */
  readonly rosterUpTo?: Point | null
}

/** A time somebody was a member: [joinedAt, leftAt) in points; null joinedAt = from the beginning, null leftAt = still. @public */
export interface MembershipInterval {
  readonly joinedAt: Point | null
  readonly leftAt: Point | null
}

/** @public */
export type MemberRole = 'owner' | 'admin' | 'member'

/** Somebody in a conversation, then and now. @public */
export interface Member {
  readonly userId: UserId
  readonly role: MemberRole
  /** In order, disjoint; the last one may be open. */
  readonly intervals: readonly MembershipInterval[]
}

/** Name and picture from the app's own directory. @public */
export interface UserProfile {
  readonly userId: UserId
  readonly name?: string
  readonly avatarUrl?: string
}
