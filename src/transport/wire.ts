/** What goes over a wire: drafts and reports out, messages, receipts, conversations and pages of them in. */
import type { ConversationId, ConversationRef, LocalId, Member, MessageBody, MessageId, Point, PointRange, Reaction, ReceiptKind, UserId } from '../model/index.js'

/** A message on its way out. The same draft is handed over again on every retry, with the same `localId`. @public */
export interface Draft {
  /** Chosen by the core, 1 to 1,024 characters; unique to its sender and conversation. What the back end recognises a retry by. */
  readonly localId: LocalId
  /** One that the wire told, or that was made known to it: by `conversations` of connect, or `ensureConversation`. */
  readonly conversation: ConversationRef
  /** Plain data. What is above `limits.bodyBytes` the back end refuses. */
  readonly body: MessageBody
  /** The sender asks for receipts, in groups that give them only so. Absent = does not. */
  readonly receiptRequested?: boolean
  /** A message of the same conversation; it may have gone meanwhile. */
  readonly replyTo?: MessageId
}

/** The back end has the message. Without `at` the row stays provisional until a message event or history gives its point. @public */
export interface Accepted {
  /** That of the draft. */
  readonly localId: LocalId
  /** Given by the back end, unique to the conversation. A send that was stored twice by a wire without dedupe has two. */
  readonly id: MessageId
  /** Its place, the same for all members and for ever. */
  readonly at?: Point
  /** Server time, epoch milliseconds. */
  readonly time?: number
  /** The server had it already: this was a retry of something stored. */
  readonly repeat?: boolean
}

/** A countable message as a report names it, for wires that acknowledge one message at a time. @public */
export interface ReportedMessage {
  readonly id: MessageId
  readonly at: Point
  readonly localId: LocalId
  /** Its author, who is told. */
  readonly from: UserId
  /** As the message had it: a wire where groups ask (`onRequest`) acknowledges only those. */
  readonly receiptRequested?: boolean
}

/**
 * One batch of my progress in one conversation. `upTo` and `ranges` are my whole state at that visibility, or, where that is more than 60 KiB of JSON,
 * the newest part of it that the wire has not taken: it joins what was reported before, and never takes its place;
 * `messages` the countable ones not yet acknowledged. The wire uses what it knows.
 * @public
 */
export interface Report {
  readonly conversation: ConversationRef
  /** Each kind is a state of its own: read says nothing of delivered. None whose scope is `none` is reported. */
  readonly kind: ReceiptKind
  /** `ownDevices` must reach nobody else; a wire without that capability never gets one. */
  readonly visibility: 'published' | 'ownDevices'
  /** Everything at or before it; null = no prefix yet. Never behind what was reported before. */
  readonly upTo: Point | null
  /** Stretches beyond `upTo`, ascending, both ends within; empty on a wire that knows points only. */
  readonly ranges: readonly PointRange[]
  /** Ascending, at most `limits.reportBatch`; where the scope is `message` the rest comes in the next report. Empty where it is `ranges`, for there points say all. */
  readonly messages: readonly ReportedMessage[]
  /** How long ago the newest read in it happened, in milliseconds on a monotonic clock. */
  readonly ageMs: number
  /**
   * What the reader says with it (`ackContent`), 1 to 256 characters; only on a wire with `receiptContent`. The report is then of the one message in `messages`, whatever the scope, and of
   * nothing else: `upTo` is null, `ranges` holds that message alone, and neither takes the place of what was reported before. It may have been reported as read already. What was said first stays.
   */
  readonly content?: string
}

/** A message as the back end gives it, live or from history. @public */
export interface IncomingMessage {
  /** May be one that was not told yet. */
  readonly conversationId: ConversationId
  readonly id: MessageId
  /** Its place; the same each time it is told. */
  readonly at: Point
  /** As the back end knows its author, not as the message claims. Own ones come too: those of my other devices. */
  readonly from: UserId
  /** That of its draft; absent where the wire does not carry it, then only the id tells two apart. */
  readonly localId?: LocalId
  /** Server time, epoch milliseconds. */
  readonly time: number
  /** As it is now. Of one that was recalled or deleted it does not matter: nothing of it is shown. */
  readonly body: MessageBody
  readonly receiptRequested?: boolean
  readonly replyTo?: MessageId
  /** Server time of the last edit, epoch milliseconds; absent = never. */
  readonly editedAt?: number
  /** Server time, epoch milliseconds: a notice stands in its place, and its receipts no longer count. */
  readonly recalledAt?: number
  /** Server time, epoch milliseconds: deleted for all, and a tombstone keeps its place. */
  readonly deletedAt?: number
  /** All that there are; absent = none. */
  readonly reactions?: readonly Reaction[]
}

/**
 * A receipt: `upTo` is a prefix, `ranges` stretches, `ids` single messages; the shape decides, not the mode.
 * Own receipts (`by` = me) are included where the wire has them, so that devices follow each other.
 * @public
 */
export interface IncomingReceipt {
  /** May be missing on wires that name only messages; the core then looks it up by id. */
  readonly conversationId?: ConversationId
  /** As the back end knows the reader, not as the receipt claims. */
  readonly by: UserId
  readonly kind: ReceiptKind
  /** `ownDevices`: told to this user only, because it is their own. */
  readonly visibility: 'published' | 'ownDevices'
  /** Null or absent = no prefix. A point beyond the newest message is held until there is one. */
  readonly upTo?: Point | null
  /** Both ends within; in any order. */
  readonly ranges?: readonly PointRange[]
  /** Of messages that may not be here yet: they are held. */
  readonly ids?: readonly MessageId[]
  /** At least `n` of those whom message `id` was for have read it, who left since included, and who joined later not; joined by max. */
  readonly count?: { readonly id: MessageId; readonly n: number }
  /** When, by the server's clock, epoch milliseconds. */
  readonly time?: number
  /**
   * What the reader said with it (`ackContent`): of the messages in `ids`, or, where there are none, of the one at `upTo`. Beside stretches or a count alone it is of no message,
   * and is dropped, as is what is longer than 256 characters: what was read is taken all the same.
   */
  readonly content?: string
}

/** A conversation as the back end lists it. Absent fields are unknown, not empty. @public */
export interface IncomingConversation extends ConversationRef {
  readonly title?: string
  readonly avatarUrl?: string
  /** Point of its newest message; null = there is none, and where the wire has no history a device knows by it that what comes first is the first. Absent = not said: then receipts are held until messages come, and where nothing is replayed the newest page of history is asked for after every connect. */
  readonly head?: Point | null
  /** For the list of conversations, so that it needs no history. */
  readonly lastMessage?: IncomingMessage
  /** Whole roster, where it fits; then `rosterComplete` is true. */
  readonly members?: readonly Member[]
  readonly rosterComplete?: boolean
}

/** A page of history, oldest first. @public */
export interface HistoryPage {
  /** Those next to the anchor, not it; as they are now. */
  readonly messages: readonly IncomingMessage[]
  /**
   * How far the page is known to be without holes, on the side away from the anchor:
   * null = there is nothing beyond (beginning of history for `before`, head for `after`). What is asked for next begins there, also after an empty page:
   * one that ends at its anchor brings nobody further.
   */
  readonly contiguousTo: Point | null
}

/** Exactly one of `before` and `after`, or neither for the newest page. @public */
export interface HistoryQuery {
  /** Messages with lesser points, the greatest of them. It may be a place where none stands: the beginning of an epoch. */
  readonly before?: Point
  /** Messages with greater points, the least of them. */
  readonly after?: Point
  /** Most messages wanted, from 1; a wire may give fewer, also with more to come. */
  readonly limit: number
}

/** One reader of one message, with the strongest receipt known of them. `time` of that receipt in epoch milliseconds, null = unknown. @public */
export interface Reader {
  readonly userId: UserId
  /** Viewed is stronger than read, and read than delivered. */
  readonly kind: ReceiptKind
  /** Server time, epoch milliseconds. */
  readonly time: number | null
  /** What they said with a receipt of this message (`ackContent`), as plain text; absent = nothing known. */
  readonly content?: string
}

/** Which page of a list is wanted. @public */
export interface Page {
  /** `next` of the page before; absent for the first. Shaped by the wire, and good for this connection. */
  readonly cursor?: string
  /** Most items wanted, from 1; a wire may give fewer, also with more to come. */
  readonly limit: number
}

/** One page of a list. Something may stand on two pages, where it moved meanwhile; nothing may be left out. @public */
export interface Paged<T> {
  readonly items: readonly T[]
  /** The `cursor` of the page after; absent on the last one. Never the same twice, for a list that goes in circles is given up. */
  readonly next?: string
}
