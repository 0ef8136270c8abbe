/** What an app, a story or a test holds when it holds a hub. */
import type { Clock, ConversationId, LocalId, Locks, MessageBody, MessageId, Point, PointRange, Random, ReceiptKind, Stop, TabChannel, UserId } from '../../model/index.js'
import type { TransportLimits } from '../capabilities.js'
import type { IncomingMessage, IncomingReceipt, Transport } from '../transport.js'
import type { BotOptions } from './bot.js'
import type { ConversationSeed } from './conversationRules.js'
import type { Faults } from './faults.js'

/** @public */
export interface MemoryHubOptions {
  /** Names the hub's database and channel; hubs of one name in the tabs of an origin are one hub. Default `readback-hub`. */
  readonly name?: string
  /** Keeps everything in an IndexedDB database of its own, so that it survives a reload and reaches other tabs. Default false. */
  readonly persist?: boolean
  /** One way, milliseconds; default 0. */
  readonly latencyMs?: number
  /** Whether somebody may connect with a token; default everybody. */
  readonly accepts?: (userId: UserId, token: string | undefined) => boolean
  /** Default: bodies of 64 KiB, recall for 2 minutes, nothing else limited. */
  readonly limits?: TransportLimits
  /** Newest messages of each conversation for a device that connects for the first time; the rest is history. Default 200. */
  readonly backfill?: number
  /** More missed messages of one conversation than this become a gap before the newest `backfill`. Default 5,000. */
  readonly replayLimit?: number
  /** How long a scripted silence lasts until the call rejects undecided, milliseconds. Default 10,000. */
  readonly answerTimeoutMs?: number
  readonly clock?: Clock
  readonly random?: Random
  /** Default: the browser's IndexedDB; null: there is none. Only asked with `persist`. */
  readonly indexedDB?: IDBFactory | null
  /** Default: BroadcastChannel. Only asked with `persist`. */
  readonly openChannel?: (name: string) => TabChannel | null
  /** Lets a bot act in one tab only. Default: Web Locks. Only asked with `persist`. */
  readonly locks?: Locks | null
}

/**
 * Where the hub keeps what it accepts. `memory`: as asked for. `unavailable`: a database was asked for and could not be had,
 * so everything is gone with this tab, and other tabs are not reached. `failing`: the last write was refused.
 * @public
 */
export interface HubState {
  readonly storage: 'memory' | 'opening' | 'ready' | 'failing' | 'unavailable'
  /** What happened and what it means, for people. */
  readonly warning?: string
}

/** @public */
export interface HubPost {
  readonly from: UserId
  readonly conversationId: ConversationId
  /** A string is a text. */
  readonly body: MessageBody | string
  /** Epoch milliseconds; default now. */
  readonly time?: number
  readonly localId?: LocalId
  readonly replyTo?: MessageId
  readonly receiptRequested?: boolean
}

/** A receipt by anybody, believed only as far as a report of theirs would be. @public */
export interface HubReceipt {
  readonly by: UserId
  readonly conversationId: ConversationId
  /** Default `read`. */
  readonly kind?: ReceiptKind
  /** Default: up to the newest message. */
  readonly upTo?: Point | null
  readonly ranges?: readonly PointRange[]
  /** Default `published`. */
  readonly visibility?: 'published' | 'ownDevices'
  /** How long ago it happened, milliseconds; default 0. */
  readonly ageMs?: number
  /** What they say with it, of the message at `upTo`. */
  readonly content?: string
}

/** @public */
export interface HubSeed {
  readonly conversation: ConversationSeed
  /** In order; times are the app's own. */
  readonly messages: readonly { readonly from: UserId; readonly body: MessageBody | string; readonly time: number; readonly localId?: LocalId; readonly replyTo?: MessageId }[]
}

/**
 * A whole back end in the page: it gives messages their order, remembers who read what, and hosts bots.
 * Everything it tells comes later than the call that caused it, and to each device in order.
 * @public
 */
export interface Hub {
  readonly name: string
  readonly faults: Faults
  /** One device; the user is who `connect` says. Somebody may have several. */
  transport(): Transport
  /** Somebody who answers by themselves. Returns how to send them away. */
  addBot(options: BotOptions): Stop
  /** One way, milliseconds. */
  setLatency(ms: number): void
  /** Takes the network away from one device, or from all devices and bots of somebody, or gives it back. */
  setOnline(who: UserId | Transport, on: boolean): void
  /** Breaks a connection; the device dials again by itself. */
  disconnect(who: UserId | Transport): void
  /** Makes a conversation, or adds the members that it lacks. */
  ensureConversation(conversation: ConversationSeed): Promise<void>
  removeMember(conversationId: ConversationId, userId: UserId): Promise<void>
  /** Writes as anybody who is a member. */
  post(post: HubPost): Promise<IncomingMessage>
  /** Reports as anybody who is a member. Several at once are one write and one delivery. */
  receipt(receipt: HubReceipt | readonly HubReceipt[]): Promise<void>
  /** Many messages at once; the conversation is made if it is missing. Does nothing when it already has messages. */
  seed(seed: HubSeed): Promise<void>
  /** Begins a new epoch; `loseLast` newest messages are lost, as when a server is restored from a backup. */
  reset(conversationId: ConversationId, options?: { readonly loseLast?: number }): Promise<void>
  /** Every message of a conversation as the hub has it; empty before anything was loaded. */
  log(conversationId: ConversationId): readonly IncomingMessage[]
  /** Everybody's published read state, and `userId`'s own. */
  readStates(conversationId: ConversationId, userId: UserId): readonly IncomingReceipt[]
  /** Resolves when what is stored was read; every call waits for it by itself. */
  ready(): Promise<void>
  getState(): HubState
  subscribe(listener: () => void): Stop
  /** Closes devices, bots, channel and database. What is stored stays. */
  dispose(): Promise<void>
}
