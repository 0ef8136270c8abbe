import type { ConversationId, LocalId, MessageId, UserId } from './ids.js'
import type { Point } from './point.js'

/**
 * Declaration merging types an app's own bodies and metadata:
 * `declare module 'readback' { interface Register { customBody: { poll: string[] } } }`.
 * @public
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- filled by the app through declaration merging
export interface Register {}

/** Type of `custom` bodies' `data`: what the app registered, else unknown. @public */
export type CustomData = Register extends { customBody: infer T } ? T : unknown

/** Where the app keeps a file. `url` may be used as it is; `ref` is resolved by the app's `attachments.resolve`. @public */
export interface Attachment {
  readonly url?: string
  readonly ref?: string
  readonly name?: string
  readonly mime?: string
  readonly sizeBytes?: number
}

/** Somebody named in a text: who, and where the "@" and the name stand. Places are UTF-16 code units, `end` the one behind it. @public */
export interface Mention {
  readonly userId: UserId
  readonly start: number
  readonly end: number
}

/** What a message says, by kind. Sizes are CSS pixels; durations milliseconds. @public */
export type MessageBody =
  | { readonly kind: 'text'; readonly text: string; readonly mentions?: readonly Mention[] }
  | { readonly kind: 'image'; readonly file: Attachment; readonly widthPx?: number; readonly heightPx?: number; readonly alt?: string }
  | { readonly kind: 'video'; readonly file: Attachment; readonly widthPx?: number; readonly heightPx?: number; readonly durationMs?: number }
  | { readonly kind: 'voice'; readonly file: Attachment; readonly durationMs?: number }
  | { readonly kind: 'file'; readonly file: Attachment }
  | { readonly kind: 'system'; readonly text: string }
  | { readonly kind: 'custom'; readonly type: string; readonly data: CustomData; readonly fallback?: string }

/** @public */
export type MessageKind = MessageBody['kind']

/** Why a message could not be sent, or what of an accepted one was given up; `code` is a {@link ChatErrorCode}. @public */
export interface SendFailure {
  readonly code: string
  readonly message: string
  /** What was tried too often with an accepted message, which is shown as the back end has it. Absent: the sending itself. */
  readonly action?: 'edit' | 'recall' | 'delete' | 'react'
}

/** One reaction by one member. @public */
export interface Reaction {
  readonly emoji: string
  readonly by: UserId
}

/**
 * One message as the kit keeps and shows it. (conversationId, from, localId) never changes and is its key;
 * a message from a wire without local ids carries `id:<id>` there.
 * @public
 */
export interface Message {
  readonly conversationId: ConversationId
  readonly from: UserId
  readonly localId: LocalId
  /** Every id the wire gave it; a send stored twice has two. Empty while it is a local echo. */
  readonly ids: readonly MessageId[]
  /** Its place, or null while provisional: shown last (a failed one after `failedAfter`), never the end of anything. */
  readonly at: Point | null
  /** Where else the wire holds it: a send that it stored twice has two places, and who reached one of them has it. In order; absent where there is none. */
  readonly otherPlaces?: readonly Point[]
  /** Epoch milliseconds, for display only; the device's own clock until the server gave one. */
  readonly time: number
  /** Own messages: the server gave a place, and no time yet. `time` is that of this device's clock, or of where it stood before the server lost that. */
  readonly untimed?: boolean
  readonly body: MessageBody
  /** Own messages: not accepted yet, or refused. Absent once the server has it. */
  readonly outgoing?: 'sending' | 'failed'
  /** Of a failed message, or of what was done to an accepted one and failed: `client.retry` does it again, `client.discard` lets it go. */
  readonly failure?: SendFailure
  /** Local echoes only: their order among each other, as they were queued. */
  readonly echoOrder?: number
  /** Failed echoes only: the newest message here when it failed, or null where there was none. It stays behind that one; what is newer comes after it. */
  readonly failedAfter?: Point | null
  /** The sender asked for receipts (`onRequest` groups). */
  readonly receiptRequested?: boolean
  readonly replyTo?: MessageId
  readonly editedAt?: number
  /** Taken back for all; leaves a notice, stops counting. */
  readonly recalledAt?: number
  /** Deleted for all: a tombstone that keeps its receipts. */
  readonly deletedAt?: number
  /** Shown nowhere: deleted on my devices only, or for good for all. */
  readonly hidden?: boolean
  readonly reactions?: readonly Reaction[]
  /** At least so many have read it, from a wire that counts without naming. Joined by max. */
  readonly readCount?: number
}

/** A message's unchanging key within the whole client; also its React key. @public */
export function messageKey(message: Pick<Message, 'conversationId' | 'from' | 'localId'>): string {
  // Lengths make it unambiguous whatever the ids contain.
  return `${message.conversationId.length}:${message.from.length}:${message.conversationId}${message.from}${message.localId}`
}

/** The local id of a message that came without one. @public */
export function localIdFor(id: MessageId): LocalId {
  return `id:${id}`
}

/** What can be said of an own message. `recalled` stands beside the line. @public */
export type MessageStatus = 'failed' | 'sending' | 'sent' | 'delivered' | 'read'

/** Wire and database values of the line sending → sent → delivered → read. @public */
export const STATUS_CODES = Object.freeze({ sending: 0, sent: 1, delivered: 2, read: 3 } as const)

/** Whether a message is somebody else's and has content, so that it can be unread. Own, system, recalled and deleted ones are neutral. @public */
export function isCountable(message: Message, me: UserId): boolean {
  return message.from !== me && message.body.kind !== 'system' && message.recalledAt === undefined && message.deletedAt === undefined
}
