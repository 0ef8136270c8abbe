/**
 * Where the truth is kept. The store on screen is a view of it, hydrated by query and patched by row events.
 * One storage holds one account's database. Rules (checked by `storageCases` in `readback/testing`):
 * 1. A transaction is atomic: all of it or nothing, also when the tab dies in the middle. `fn` may await only `tx` calls, and must have no effects beside them: it runs again when the database had to be opened anew.
 * 2. It settles within 5 s of its turn: with the result after commit, or with a `ChatError` (`storage/…`). What is being committed by then is waited for: an error means that nothing was kept.
 * 3. Rows come back with every field they were given, unknown ones too; a row that does not parse, when read or put, is moved to quarantine and the rest go on. A gap is not forgotten with its row: it reaches as far as it may have.
 * 4. Write transactions are serial, also across tabs.
 * 5. After `reopening` the rows may be others (site data cleared, another tab wiped): on `ready` read again what is shown.
 */
import type { Conversation, ConversationId, LocalId, Member, Message, MessageId, Point, ReceiptKind, UserId } from '../model/index.js'
import type { MemberState, OwnState } from '../receipts/readState.js'

/** What the kit can keep right now, and why not more. The interface shows it. @public */
export type StorageState =
  | { readonly status: 'closed' | 'opening' | 'ready' | 'reopening' | 'full' | 'readOnly' }
  /** Another tab holds an old version open, or is frozen in the middle of a transaction. */
  | { readonly status: 'blocked' }
  /** Nothing survives a reload: the browser has no IndexedDB, or refused it. */
  | { readonly status: 'memory'; readonly reason: 'unavailable' | 'failed' | 'chosen' }

/** The unchanging key of a message row. @public */
export type MessageKeyParts = Pick<Message, 'conversationId' | 'from' | 'localId'>

/** @public */
export interface MessagePageQuery {
  readonly conversationId: ConversationId
  /** Rows strictly before this point, newest of them if more than `limit`; with `after` too, the newest of those between. Absent together with `after`: the newest rows. */
  readonly before?: Point
  /** Rows strictly after this point, oldest of them if more than `limit`. */
  readonly after?: Point
  readonly limit: number
}

/** What waits to be sent. `intent` = what the user did, FIFO per conversation; `receipt` = one row per (conversation, kind, visibility), its body computed when drained, and one for each message of which something is said. @public */
export type OutboxEntry = OutboxSend | OutboxAction | OutboxReport

interface OutboxBase {
  /** Given by the storage: greater = later, never reused. */
  readonly seq: number
  readonly conversationId: ConversationId
  /** Attempts that reached the network. */
  readonly attempts: number
  /** Not before this wall-clock time, epoch milliseconds; 0 = now. */
  readonly notBefore: number
  /** The wait that ends then: how long it was, milliseconds, and after how many failed tries. A clock that was set meanwhile makes nobody wait longer. */
  readonly wait?: { readonly ms: number; readonly tries: number }
  /** Refused for good; waits for the user. */
  readonly failed?: { readonly code: string; readonly message: string }
}

/** @public */
export interface OutboxSend extends OutboxBase {
  readonly lane: 'intent'
  readonly action: 'send'
  readonly localId: LocalId
  readonly from: UserId
}

/** @public */
export interface OutboxAction extends OutboxBase {
  readonly lane: 'intent'
  readonly action: 'edit' | 'recall' | 'delete' | 'react'
  readonly messageId: MessageId
  readonly payload: unknown
}

/** @public */
export interface OutboxReport extends OutboxBase {
  readonly lane: 'receipt'
  readonly action: 'report'
  readonly kind: ReceiptKind
  readonly visibility: 'published' | 'ownDevices'
  /** Wall-clock time of the newest read in it, epoch milliseconds; only its age leaves the device. */
  readonly readAt: number
  /** What the user says with a receipt of one message: a row of its own beside that of its kind and visibility, which nothing joins. */
  readonly said?: { readonly id: MessageId; readonly content: string }
}

/** An entry as it is put in; the storage adds `seq`. @public */
export type NewOutboxEntry = Omit<OutboxSend, 'seq'> | Omit<OutboxAction, 'seq'> | Omit<OutboxReport, 'seq'>

/** A stretch of history known to be missing. `before: null` = up to what comes next. @public */
export interface Gap {
  readonly conversationId: ConversationId
  readonly after: Point | null
  readonly before: Point | null
}

/** Something that could not be applied yet: a receipt ahead of its message, or of an unknown sender. @public */
export interface HeldEvent {
  /** One row per subject: later ones join into it. */
  readonly key: string
  readonly conversationId: ConversationId
  readonly heldAt: number
  readonly event: unknown
}

/** A piece of what was archived. @public */
export interface ArchiveRow {
  readonly segment: string
  readonly value: unknown
}

/** A row that did not parse, kept for `diagnostics()`. @public */
export interface QuarantinedRow {
  readonly table: string
  readonly reason: string
  readonly row: unknown
  readonly at: number
}

/** One account's rows inside one transaction. @public */
export interface StorageTx {
  readonly messages: {
    get(key: MessageKeyParts): Promise<Message | undefined>
    /** In the order of `keys`; undefined where there is none. */
    getMany(keys: readonly MessageKeyParts[]): Promise<readonly (Message | undefined)[]>
    /** By any of its ids. */
    byId(conversationId: ConversationId, id: MessageId): Promise<Message | undefined>
    byIds(conversationId: ConversationId, ids: readonly MessageId[]): Promise<readonly (Message | undefined)[]>
    /** Conversation unknown: for wires that name only messages. */
    findById(id: MessageId): Promise<readonly Message[]>
    /** Rows that have a point, oldest first. */
    page(query: MessagePageQuery): Promise<readonly Message[]>
    /** Local echoes (no point yet), by `echoOrder`. */
    echoes(conversationId: ConversationId): Promise<readonly Message[]>
    /** About a thousand rows a transaction: a slow device has to be done with them in time. */
    put(messages: readonly Message[]): Promise<void>
    delete(keys: readonly MessageKeyParts[]): Promise<void>
  }
  readonly conversations: {
    get(id: ConversationId): Promise<Conversation | undefined>
    list(): Promise<readonly Conversation[]>
    put(conversations: readonly Conversation[]): Promise<void>
  }
  readonly members: {
    list(conversationId: ConversationId): Promise<readonly Member[]>
    put(conversationId: ConversationId, members: readonly Member[]): Promise<void>
  }
  readonly readStates: {
    get(conversationId: ConversationId, memberId: UserId): Promise<MemberState | undefined>
    /** In the order of the ids; undefined where there is none. Reads no more than it has to, however many others there are. */
    getMany(conversationId: ConversationId, memberIds: readonly UserId[]): Promise<readonly (MemberState | undefined)[]>
    list(conversationId: ConversationId): Promise<readonly MemberState[]>
    put(conversationId: ConversationId, states: readonly MemberState[]): Promise<void>
    getOwn(conversationId: ConversationId): Promise<OwnState | undefined>
    putOwn(conversationId: ConversationId, own: OwnState): Promise<void>
  }
  readonly outbox: {
    /** Returns the new row's `seq`. */
    add(entry: NewOutboxEntry): Promise<number>
    get(seq: number): Promise<OutboxEntry | undefined>
    /** How many wait in a lane to be sent, without reading them; those that failed wait for the user, and are not among them. */
    count(lane: 'intent' | 'receipt'): Promise<number>
    /** By `seq`. */
    list(filter?: { readonly conversationId?: ConversationId; readonly lane?: 'intent' | 'receipt' }): Promise<readonly OutboxEntry[]>
    put(entry: OutboxEntry): Promise<void>
    delete(seq: number): Promise<void>
  }
  /**
   * Files of messages that are not where the app keeps them yet: at most one a message, found by its local id, which no other message has. The conversation stands
   * beside it so that all of one conversation can be found. It goes with the transaction that stores its address, or takes its message back: what is left here still waits.
   */
  readonly blobs: {
    get(localId: LocalId): Promise<Blob | undefined>
    put(localId: LocalId, conversationId: ConversationId, file: Blob): Promise<void>
    delete(localId: LocalId): Promise<void>
  }
  readonly held: {
    list(conversationId?: ConversationId): Promise<readonly HeldEvent[]>
    get(key: string): Promise<HeldEvent | undefined>
    put(events: readonly HeldEvent[]): Promise<void>
    delete(keys: readonly string[]): Promise<void>
  }
  readonly gaps: {
    list(conversationId: ConversationId): Promise<readonly Gap[]>
    /** All gaps of the conversation, from now on: in any order, none twice. */
    replace(conversationId: ConversationId, gaps: readonly Gap[]): Promise<void>
  }
  /**
   * Old detail that is seldom asked for. The key is (conversation, segment): who archives names its segments, in digits of one width where their order matters,
   * and makes each large enough that a jump into the past reads a few. Values are plain data and bytes; storage does not look into them.
   */
  readonly archive: {
    /** In the order of `segments`; undefined where there is none. */
    get(conversationId: ConversationId, segments: readonly string[]): Promise<readonly unknown[]>
    put(conversationId: ConversationId, rows: readonly ArchiveRow[]): Promise<void>
    delete(conversationId: ConversationId, segments: readonly string[]): Promise<void>
  }
  readonly quarantine: {
    /** With what did not parse when this transaction read it. */
    list(): Promise<readonly QuarantinedRow[]>
    add(rows: readonly QuarantinedRow[]): Promise<void>
  }
  /** Small values by name: cursor, lease, settings. */
  readonly meta: {
    get<T>(key: string): Promise<T | undefined>
    put(key: string, value: unknown): Promise<void>
    delete(key: string): Promise<void>
  }
}

/** @public */
export interface TransactOptions {
  /** `strict` for what the user did, `relaxed` (default) for what the server has anyway. */
  readonly durability?: 'strict' | 'relaxed'
}

/**
 * One account's database.
 * @public
 */
export interface ChatStorage {
  /** Same in every tab that shares the data, different otherwise: names the locks and channels of its tabs. Read it after `open()`: a tab that has to go on in memory shares its rows with none. */
  readonly name: string
  /** Opens the database of `userId`; settles within 3 s as ready, blocked or memory. Idempotent for the same user. */
  open(userId: UserId): Promise<void>
  getState(): StorageState
  /** Told after every change of the state. Returns how to stop. */
  subscribe(listener: () => void): () => void
  read<T>(fn: (tx: StorageTx) => Promise<T>): Promise<T>
  /** @throws ChatError `storage/…`; nothing of the transaction was kept then. An error thrown by `fn` aborts and is rethrown as it is. */
  write<T>(fn: (tx: StorageTx) => Promise<T>, options?: TransactOptions): Promise<T>
  /**
   * After `memory` has become `ready`: the rows of that time, still to be joined into the database; null when there are none. Given once.
   * Absent in a storage whose `memory` never ends.
   */
  takeRemembered?(): ChatStorage | null
  close(): Promise<void>
  /** Deletes everything of the open account, and closes. */
  wipe(): Promise<void>
}
