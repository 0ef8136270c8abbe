/**
 * What a chat UI needs from a wire, and nothing about rendering or storing.
 *
 * Rules every transport keeps (the suite in `readback/testing` checks them):
 * 1. It may repeat and reorder; it may not lose. The core merges messages by (from, localId), or by id, and receipts by join.
 * 2. `stored: 'maybe'` → the core tries the same `localId` again. Only `stored: 'no'` with `retry: 'no'` shows as failed.
 * 3. After every reconnect it re-reads from its own last handed-over point; what the server believes delivered is not trusted.
 * 4. A vendor SDK is handed in, never imported.
 * 5. With `lanes`, receipts never queue behind messages, nor messages behind receipts.
 * 6. To the device that made them, messages and receipts come back as the answer (an event besides does no harm); edits, recalls, deletions
 *    and reactions come as events to that device too, for the core applies them only then.
 * 7. No listener is called within the call that caused the event, and none after `close`.
 */
import type { Attachment, ConversationId, ConversationKind, ConversationRef, Member, MessageBody, MessageId, Point, Reaction, UserId } from '../model/index.js'
import type { TransportCapabilities } from './capabilities.js'
import type { Accepted, Draft, HistoryPage, HistoryQuery, IncomingConversation, IncomingMessage, IncomingReceipt, Page, Paged, Reader, Report } from './wire.js'

export type * from './wire.js'

/**
 * Why a connection is not online; the UI shows it.
 * `starting`: the first dialling. `network`: nothing answers, or the connection broke. `heartbeat`: it looked open and was dead. `server`: the back end
 * ended or refused it. `unauthorized`: the token was not accepted, also when it was renewed; nothing more is tried. `insecureAddress`: not encrypted, so never dialled.
 * `closed`: by the app.
 * @public
 */
export type ConnectionReason = 'starting' | 'network' | 'heartbeat' | 'server' | 'unauthorized' | 'insecureAddress' | 'closed'

/**
 * `attempt` counts from 1 since the last good connection; `reason` is why it is needed. `retryInMs`: milliseconds until the next attempt; absent = none
 * is planned: the app must act, or the device waits for a network.
 * @public
 */
export type ConnectionState =
  | { readonly status: 'online' }
  | { readonly status: 'connecting'; readonly reason: ConnectionReason; readonly attempt: number }
  | { readonly status: 'offline'; readonly reason: ConnectionReason; readonly retryInMs?: number }

/** Whether somebody is there: `unavailable` is connected and away, `offline` not connected. Nothing of it is kept. @public */
export type Presence = 'online' | 'unavailable' | 'offline'

/**
 * Everything a wire tells. Any of them may repeat or come in another order; only a gap is told before the messages behind it, or they would seem to be next to each other.
 * None is lost while the connection stands: what was is told as a gap, or comes after the next connect; only where orders are dense a missing number says so itself.
 * A message comes late by ten minutes of the server's at most, where it may overtake or only time orders: what comes later than that may have been told as read (rule RS18).
 * A member's interval may begin or end at a place where no message is yet: a point with an empty id, before every message of that order.
 * @public
 */
export type TransportEvent =
  | { readonly type: 'state'; readonly state: ConnectionState }
  /** New, or told again; what is absent in it stays as it is known. */
  | { readonly type: 'conversation'; readonly conversation: IncomingConversation }
  /** The whole of one member, in place of what was known of them. */
  | { readonly type: 'member'; readonly conversationId: ConversationId; readonly member: Member }
  /** Live, or missed meanwhile; a message that changed since comes as it is now. */
  | { readonly type: 'message'; readonly message: IncomingMessage }
  /** `time` of each change is the server's, epoch milliseconds. No edit makes a message of a notice (`system`), or a notice of a message: that is not applied. */
  | { readonly type: 'edited'; readonly conversationId: ConversationId; readonly id: MessageId; readonly body: MessageBody; readonly time: number }
  | { readonly type: 'recalled'; readonly conversationId: ConversationId; readonly id: MessageId; readonly by: UserId; readonly time: number }
  /** For all. `hard`: nothing of it is left or shown, also no receipts, and what comes for it later is dropped; else a tombstone keeps its place and its receipts. */
  | { readonly type: 'deleted'; readonly conversationId: ConversationId; readonly id: MessageId; readonly by: UserId; readonly time: number; readonly hard?: boolean }
  | { readonly type: 'reacted'; readonly conversationId: ConversationId; readonly id: MessageId; readonly reaction: Reaction; readonly on: boolean }
  | ({ readonly type: 'receipt' } & IncomingReceipt)
  /** Ephemeral: not repeated after a reconnect, and covered by no cursor. */
  | { readonly type: 'typing'; readonly conversationId: ConversationId; readonly by: UserId; readonly on: boolean }
  /** Ephemeral; after a connect those who are there are told once. */
  | { readonly type: 'presence'; readonly userId: UserId; readonly presence: Presence }
  /** History between the two points is missing; null `before` = up to what comes next. */
  | { readonly type: 'gap'; readonly conversationId: ConversationId; readonly after: Point | null; readonly before: Point | null }
  /** The conversation began a new epoch: its last messages may be gone, and points of it come after all that is known. */
  | { readonly type: 'reset'; readonly conversationId: ConversationId; readonly epoch: number }
  /** Everything handed over before this event is covered by `cursor`; it is stored in or after the transaction that stored all of it. */
  | { readonly type: 'cursor'; readonly cursor: string }

/** What a transport is given when it connects. @public */
export interface ConnectOptions {
  /** Who I am on this wire; what is told with this name is my own. */
  readonly userId: UserId
  /** Asked at every connect and again when the back end says the token has expired. Resolves to undefined where the app has none. */
  readonly token: (reason: 'connect' | 'expired') => Promise<string | undefined>
  /** Conversations the app made locally (`ensureConversation`), with their members. */
  readonly conversations: readonly (ConversationRef & { readonly members: readonly UserId[]; readonly title?: string })[]
  /** Last stored cursor; absent on a first connect, at which a wire with `catchUp: 'cursor'` tells what is newest, and a `gap` before it where there is more. A wire that does not know it does the same. */
  readonly since?: string
}

/**
 * A wire. Methods with `?` exist exactly where `capabilities` says so.
 * All promises reject with {@link TransportError}; nothing is thrown synchronously.
 * @public
 */
export interface Transport {
  /** Known before `connect`; the same object for good. */
  readonly capabilities: TransportCapabilities
  /**
   * Called once by the core's leading tab. Resolves when online for the first time; keeps itself connected until `close`. State changes come as events.
   * Rejects when trying again is pointless (`retry: 'no'`, such as a token that is not accepted) and when it is closed before it was online.
   * A second call before `close` is refused.
   */
  connect(options: ConnectOptions): Promise<void>
  /** Adds a listener; events are handed over in the order in which they must be stored. Returns how to stop. */
  on(listener: (event: TransportEvent) => void): () => void
  /** Sends a draft; an abort leaves it undecided (`stored: 'maybe'`). Called for one conversation in the order of writing, the next when the one before is decided; for several at once. */
  send(draft: Draft, signal?: AbortSignal): Promise<Accepted>
  /** Resolves when the back end has it; repeats do no harm. Called beside `send`, never waiting for it. */
  report(report: Report, signal?: AbortSignal): Promise<void>
  /** Ends the connection; no event follows. Idempotent; `connect` may be called again. */
  close(): Promise<void>

  /** All conversations of the user. Asked after every connect, page by page to the end. */
  conversations?(page: Page): Promise<Paged<IncomingConversation>>
  /** Members of a conversation, former ones too. Asked after a connect, to the end, where the roster is not known to be complete; taken for the whole of it then. */
  members?(conversationId: ConversationId, page: Page): Promise<Paged<Member>>
  /** Everybody's published read state in a conversation, and my own. There with `receiptsCatchUp: 'fetch'`, and as one likes with `'replay'`. Asked for each conversation on a first connect, once for each that becomes known later, and after every connect by a wire that does not replay receipts. */
  readStates?(conversationId: ConversationId): Promise<readonly IncomingReceipt[]>
  /** A page of messages. Asked where something is missing: when somebody scrolls there, and after a connect by a wire without a cursor. */
  history?(conversationId: ConversationId, query: HistoryQuery): Promise<HistoryPage>
  /** There unless `readerLists` is `none`. Each member at most once; never the author, and nobody who read privately. Asked when somebody opens the list, again after some seconds; not of a wire that replays receipts. */
  readers?(conversationId: ConversationId, id: MessageId, page: Page): Promise<Paged<Reader>>
  /** Enters a group; from now on its events come. Repeats do no harm, as with all that follow. */
  join?(conversationId: ConversationId): Promise<void>
  /** Leaves it; the event that tells so is the last of it. */
  leave?(conversationId: ConversationId): Promise<void>
  /** Of an own message. Resolves when stored; the device is told by an event, as of the next three. */
  edit?(conversationId: ConversationId, id: MessageId, body: MessageBody): Promise<void>
  /** Of an own message, within `limits.recallWindowMs`. */
  recall?(conversationId: ConversationId, id: MessageId): Promise<void>
  /** For all; by the author, and by whom else the back end allows. */
  delete?(conversationId: ConversationId, id: MessageId): Promise<void>
  /** Sets a reaction of mine or takes it back; the same again changes nothing. */
  react?(conversationId: ConversationId, id: MessageId, emoji: string, on: boolean): Promise<void>
  /** Ephemeral; failures are ignored. Called when the user begins, every 3 s while they go on, and when they stop. */
  typing?(conversationId: ConversationId, on: boolean): Promise<void>
  /** How the user wishes to be seen, on all their devices of this connection. Who connects is `online` without it; called when that changes, and after every connect while it is not so. Failures are ignored. */
  presence?(presence: 'online' | 'unavailable'): Promise<void>
  /** Puts a file where the back end keeps them; `onProgress` from 0 to 1. Called again after a failure, so the same file may be there twice. */
  upload?(file: Blob, options: { signal: AbortSignal; onProgress(fraction: number): void }): Promise<Attachment>
  /** There with `membership`. Makes a conversation known to the back end; one that exists stays as it is. Called before anything is sent to it. */
  ensureConversation?(conversation: ConversationRef & { members: readonly UserId[]; title?: string; kind: ConversationKind }): Promise<void>
}
