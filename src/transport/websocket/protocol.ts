/**
 * JSON protocol, version 1: every frame that a device and a server exchange. One frame is one WebSocket text message.
 * The page for authors of servers is `stories/docs/Protocol.mdx`; a test holds its lists against this file.
 */
import type { ConversationId, ConversationKind, Member, MessageBody, MessageId, Point, PointRange, ReceiptKind, UserId } from '../../model/index.js'
import type { Accepted, Draft, HistoryPage, IncomingConversation, IncomingReceipt, Paged, Reader, TransportEvent } from '../transport.js'
import type { TransportErrorCode } from '../transportError.js'

/** Raised when an older peer could misunderstand a frame. New fields, events and calls do not raise it: who does not know them leaves them out. @public */
export const PROTOCOL_VERSION = 1

/** Largest frame either side takes, bytes, where nothing else was said. @public */
export const MAX_FRAME_BYTES = 1_048_576

/** Durable events travel on two lanes, so that neither waits for the other. */
export type Lane = 'message' | 'receipt'

/** `events` frames of one lane that may be under way without a `got`. What exceeds it waits at the server, in its log. */
export const EVENTS_WINDOW = 4

/** A conversation that the device made, with its members. */
export interface MadeConversation {
  readonly id: ConversationId
  readonly kind: ConversationKind
  readonly members: readonly UserId[]
  readonly title?: string
}

/** First frame of a connection. */
export interface HelloFrame {
  readonly type: 'hello'
  readonly version: number
  readonly userId: UserId
  readonly token?: string
  /** Chosen by the device when it was made; what it sends itself is not told to it as an event. */
  readonly device: string
  /** Last cursor that was handed over; absent on a first connect. */
  readonly since?: string
  readonly conversations: readonly MadeConversation[]
}

/** A report without the names of messages, for points say it all; one with content names the message that it is of. */
export interface WireReport {
  readonly conversationId: ConversationId
  readonly kind: ReceiptKind
  readonly visibility: 'published' | 'ownDevices'
  readonly upTo: Point | null
  readonly ranges: readonly PointRange[]
  readonly ageMs: number
  readonly content?: string
  /** With `content`, and only then. */
  readonly ids?: readonly MessageId[]
}

interface InConversation {
  readonly conversationId: ConversationId
}

interface OnMessage extends InConversation {
  readonly id: MessageId
}

interface PageOf {
  readonly cursor?: string
  readonly limit: number
}

/** Every call: what it carries, and what answers it. */
export interface Calls {
  readonly send: { readonly with: Draft; readonly result: Accepted }
  readonly report: { readonly with: WireReport; readonly result: null }
  readonly conversations: { readonly with: PageOf; readonly result: Paged<IncomingConversation> }
  readonly members: { readonly with: InConversation & PageOf; readonly result: Paged<Member> }
  readonly readStates: { readonly with: InConversation; readonly result: readonly IncomingReceipt[] }
  readonly history: { readonly with: InConversation & { readonly before?: Point; readonly after?: Point; readonly limit: number }; readonly result: HistoryPage }
  readonly readers: { readonly with: OnMessage & PageOf; readonly result: Paged<Reader> }
  readonly join: { readonly with: InConversation; readonly result: null }
  readonly leave: { readonly with: InConversation; readonly result: null }
  readonly ensureConversation: { readonly with: MadeConversation; readonly result: null }
  readonly edit: { readonly with: OnMessage & { readonly body: MessageBody }; readonly result: null }
  readonly recall: { readonly with: OnMessage; readonly result: null }
  readonly delete: { readonly with: OnMessage; readonly result: null }
  readonly react: { readonly with: OnMessage & { readonly emoji: string; readonly on: boolean }; readonly result: null }
  readonly typing: { readonly with: InConversation & { readonly on: boolean }; readonly result: null }
  readonly presence: { readonly with: { readonly presence: 'online' | 'unavailable' }; readonly result: null }
}

export type CallName = keyof Calls

/** `no` is new for every call of a connection; a number that was used is refused as a replay. */
export interface CallFrame<Name extends CallName = CallName> {
  readonly type: 'call'
  readonly no: number
  readonly name: Name
  readonly with: Calls[Name]['with']
}

/** An `events` frame was handed over; the server may send another on that lane. */
export interface GotFrame {
  readonly type: 'got'
  readonly lane: Lane
  readonly no: number
}

export interface PingFrame {
  readonly type: 'ping'
}

export type ClientFrame = HelloFrame | CallFrame | GotFrame | PingFrame

/** The server knows the device, and is going to tell what it missed. */
export interface WelcomeFrame {
  readonly type: 'welcome'
  readonly version: number
}

export interface AnswerFrame {
  readonly type: 'answer'
  readonly no: number
  /** Checked against the call that it answers. */
  readonly result: unknown
}

/** A call, or with no number a frame or the whole connection, was not taken. */
export interface RefusalFrame {
  readonly type: 'refusal'
  readonly no?: number
  readonly code: TransportErrorCode
  readonly message: string
  readonly stored: 'no' | 'maybe'
  readonly retry: 'no' | 'yes' | { readonly afterMs: number }
}

/** What is kept: comes in order on its lane, numbered from 1 without holes, and again after a reconnect until a cursor covers it. */
export interface EventsFrame {
  readonly type: 'events'
  readonly lane: Lane
  readonly no: number
  readonly events: readonly TransportEvent[]
  /** Everything of this frame and of all frames before it, on both lanes. */
  readonly cursor?: string
  /** Events that were left out: unknown to this version, or malformed. */
  readonly left: number
}

/** Typing and presence: told once, to who is there. */
export interface EphemeralFrame {
  readonly type: 'ephemeral'
  readonly events: readonly TransportEvent[]
  readonly left: number
}

export interface PongFrame {
  readonly type: 'pong'
}

/** The server ends the connection. `expired`: come back at once with a new token. */
export interface ByeFrame {
  readonly type: 'bye'
  readonly reason: 'expired' | 'restarting' | 'overloaded'
  readonly afterMs?: number
}

export type ServerFrame = WelcomeFrame | AnswerFrame | RefusalFrame | EventsFrame | EphemeralFrame | PongFrame | ByeFrame

/** The frames by name, and who sends each. The documentation and the decoder are held against this list. */
export const FRAMES = Object.freeze({
  hello: 'device', call: 'device', got: 'device', ping: 'device',
  welcome: 'server', answer: 'server', refusal: 'server', events: 'server', ephemeral: 'server', pong: 'server', bye: 'server',
} as const satisfies Record<ClientFrame['type'], 'device'> & Record<ServerFrame['type'], 'server'>)

/** The calls by name, and the lane that each leaves on. */
export const CALL_LANES = Object.freeze({
  send: 'intent', edit: 'intent', recall: 'intent', delete: 'intent', react: 'intent', join: 'intent', leave: 'intent', ensureConversation: 'intent',
  report: 'receipt',
  conversations: 'question', members: 'question', readStates: 'question', history: 'question', readers: 'question', typing: 'question', presence: 'question',
} as const satisfies Record<CallName, 'intent' | 'receipt' | 'question'>)
