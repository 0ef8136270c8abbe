/** What an app holds in its hand. Made by `createChatClient`; inert until `start()`. */
import type {
  Attachment, Conversation, ConversationId, ConversationKind, ChatError, LocalId, Member, Message, MessageBody, MessageId, MessageSource, Ports, ReceiptVisibility, SourceAnchor, Stop, StorageEstimate, UserId, UserProfile,
} from '../model/index.js'
import type { MemberState } from '../receipts/readState.js'
import type { ReadStateSource } from '../receipts/readStateSource.js'
import type { ReceiptPolicy } from '../receipts/policy.js'
import type { ReceiptReport } from '../receipts/receiptReport.js'
import type { ChatStorage, StorageState } from '../storage/index.js'
import type { StatusRow } from '../sync/statusRows.js'
import type { ImportResult } from '../sync/importing.js'
import type { ConnectionState, Paged, Page, Presence, Reader, Transport, TransportCapabilities } from '../transport/index.js'

/** Names and pictures from the app's own users; unknown people show their id. @public */
export interface Directory {
  resolve(ids: readonly UserId[]): Promise<readonly UserProfile[]>
  /** Finds people by what somebody typed of their name; asked for mentions in large groups. */
  search?(text: string): Promise<readonly UserProfile[]>
}

/** Puts files where the app keeps them. @public */
export interface Attachments {
  upload(file: Blob, options: { signal: AbortSignal; onProgress(fraction: number): void }): Promise<Attachment>
  /** Turns a stored `ref` into a URL. */
  resolve?(attachment: Attachment): Promise<string>
}

/** Never given message text. @public */
export interface Logger {
  (level: 'debug' | 'info' | 'warn' | 'error', event: string, details?: Readonly<Record<string, unknown>>): void
}

/** @public */
export interface ChatClientOptions {
  readonly userId: UserId
  /** Asked at every connect. */
  readonly getToken?: (options: { reason: 'connect' | 'expired' }) => Promise<string>
  readonly transport: Transport
  readonly storage: ChatStorage
  readonly directory?: Directory
  readonly attachments?: Attachments
  /** Who reports what and when; defaults by conversation kind. */
  readonly policy?: Partial<ReceiptPolicy>
  readonly logger?: Logger
  /** Clock, randomness, visibility, locks, network; browser defaults. For tests. */
  readonly ports?: Partial<Ports>
}

/** What a composer hands over. @public */
export interface OutgoingMessage {
  readonly body: MessageBody
  /** The file of the body, which then needs no address yet. Kept in the database, uploaded, and only then sent; both steps survive a reload. `discard` ends it. */
  readonly upload?: Blob
  readonly receiptRequested?: boolean
  readonly replyTo?: MessageId
}

/** @public */
export interface NewConversation {
  readonly id: ConversationId
  readonly kind: ConversationKind
  /** Including me. */
  readonly members: readonly UserId[]
  readonly title?: string
}

/** State of the whole client; a new object whenever something in it changed. @public */
export interface ClientState {
  readonly phase: 'idle' | 'starting' | 'running' | 'stopped'
  readonly connection: ConnectionState
  readonly storage: StorageState
  /** Newest activity first. */
  readonly conversations: readonly Conversation[]
  /** False until the list was read from storage. */
  readonly hydrated: boolean
  /** Messages and what was done to messages that wait to be sent, all conversations. What failed waits for the user, and is not among them. */
  readonly pendingCount: number
  /** Whether the back end has told its conversations since the start: before that, one that is not here may only be new to this device. */
  readonly caughtUp: boolean
  /** Who is told what I read, in conversations that have no setting of their own. */
  readonly receipts: ReceiptVisibility
  /** How often the members of a conversation changed since the start, where they did: when it moves, `getMembers` has another answer. */
  readonly rosters: ReadonlyMap<ConversationId, number>
}

/** @public */
export interface ChatClientEvents {
  error: ChatError
  state: ClientState
  /** Something from the wire was not applied, and why. */
  dropped: { readonly reason: string; readonly conversationId?: ConversationId }
}

/** What is going on inside, for bug reports; no message text. @public */
export interface Diagnostics {
  readonly userId: UserId
  readonly state: Pick<ClientState, 'phase' | 'connection' | 'storage' | 'pendingCount'>
  readonly leader: boolean
  readonly dropped: Readonly<Record<string, number>>
  readonly quarantined: number
  readonly outbox: readonly { readonly seq: number; readonly lane: string; readonly action: string; readonly attempts: number; readonly failed: boolean }[]
}

/**
 * What a window works on. A verb that is called without what it needs, as happens without types, rejects with `client/invalidCall` or a code of its own
 * (`client/invalidMessage`, `client/invalidConversation`, `client/invalidReceipts`, `client/invalidDraft`, `client/invalidImport`), and nothing is done.
 * @public
 */
export interface ChatClient {
  readonly userId: UserId
  readonly capabilities: TransportCapabilities
  readonly policy: ReceiptPolicy
  /** The surroundings it was given; parts that watch time and attention use the same. */
  readonly ports: Pick<Ports, 'clock' | 'visibility'>
  getState(): ClientState
  /** For server rendering: the state before anything was loaded. */
  getServerState(): ClientState
  subscribe(listener: () => void): Stop
  on<Name extends keyof ChatClientEvents>(name: Name, listener: (event: ChatClientEvents[Name]) => void): Stop

  /** Opens the database, then connects. Idempotent. Resolves when stored conversations can be shown; being offline is no error. */
  start(): Promise<void>
  /** Closes the wire and the database; nothing is lost. May be started again. */
  stop(): Promise<void>
  /** Stops for good. */
  dispose(): Promise<void>
  signOut(options: { data: 'keep' | 'wipe' }): Promise<void>

  /** Makes the conversation known here and, when online, to the back end. Idempotent, works offline and before `start`. @throws ChatError `client/invalidConversation` for what is none; before `start` it is an `error` of the start */
  ensureConversation(conversation: NewConversation): Promise<void>
  getMembers(conversationId: ConversationId): Promise<readonly Member[]>
  /**
   * How far each member got with these messages of one conversation, what was archived of them included; of me, what was read on this device, or told to others by any of mine; what was only cleared is not read. Of other messages it may say less. Nobody else where `reciprocal` hides others.
   * What `receiptReport` takes as `states`.
   */
  getMemberStates(conversationId: ConversationId, messages: readonly Message[]): Promise<readonly MemberState[]>
  /**
   * Who read these messages of one conversation (that of the first), how fast, and who has not, as far as this device knows: the numbers of the badge, also of what others wrote.
   * A message without a number stands in `untracked`, with the reason, also one that was recalled. What was deleted for all is left out: there is nothing left to read.
   */
  receiptReport(messages: readonly Message[]): Promise<ReceiptReport>

  /** Resolves with the local id once the message and its outbox entry are stored; it then survives anything but deletion. @throws ChatError `client/invalidMessage` for a body that is none, or that has no place for the `upload` */
  send(conversationId: ConversationId, message: OutgoingMessage): Promise<LocalId>
  /** Whether files have somewhere to go: the app's `attachments`, or a wire that takes them. */
  readonly canUpload: boolean
  /**
   * Puts a file where the app keeps them; what it resolves to is the `file` of a body. Ends with the page: nothing of it is queued.
   * @throws ChatError `client/noUploads` where there is no such place
   */
  upload(file: Blob, options: { signal: AbortSignal; onProgress(fraction: number): void }): Promise<Attachment>
  /** Puts a failed message back in the queue, or what was done to an accepted one and failed (its `failure`). */
  retry(conversationId: ConversationId, localId: LocalId): Promise<void>
  /** Removes a message that was not accepted yet, or lets go of what was done to an accepted one and failed. @throws ChatError `outbox/accepted` when there is neither */
  discard(conversationId: ConversationId, localId: LocalId): Promise<void>
  recall(conversationId: ConversationId, id: MessageId): Promise<void>
  /** Replaces what an accepted message of mine says. Stored and queued; shown as edited when the wire has taken it. */
  edit(conversationId: ConversationId, id: MessageId, body: MessageBody): Promise<void>
  /** `all` leaves a tombstone for everybody, `me` takes the message off my screen alone. */
  delete(conversationId: ConversationId, id: MessageId, options: { for: 'me' | 'all' }): Promise<void>
  /** Adds a reaction of mine or takes it back; adding one reads the message. */
  react(conversationId: ConversationId, id: MessageId, emoji: string, on: boolean): Promise<void>
  /** A stored message, wherever in the conversation it is; null where it is not here. */
  getMessage(conversationId: ConversationId, id: MessageId): Promise<Message | null>

  /** The same object for the same conversation while it is open somewhere. */
  messages(conversationId: ConversationId): MessageSource
  readStates(conversationId: ConversationId): ReadStateSource
  /** Loads a page around a place; see {@link MessageSource.loadAround}. */
  openAt(conversationId: ConversationId, anchor: SourceAnchor): Promise<void>
  /** Who delivered, read and viewed a message. Empty for one that was recalled, and where others are hidden (`policy.reciprocal` while my receipts are not public). */
  readers(message: Message, page: Page): Promise<Paged<Reader>>
  /** Whom a message is for and who is still there, without its author and without those whom the policy does not wait for (`silentAfterMs`). */
  audience(message: Message): Promise<readonly UserId[]>

  /**
   * Notes messages as read (they dwelt, or a strong signal), stores it and queues the report.
   *
   * `content` (1 to 256 characters) is said with the receipt of each of these messages, of no other, also of one that was read before; of two about one message the first stays.
   * Others have it in `readers`.
   * @throws ChatError, and nothing is stored then: `client/unknownConversation` where their conversation is not here (not yet, or not any more); with `content` also
   * `receipt/contentUnsupported` where the wire carries none, `receipt/contentNotTold` where nobody would be told (receipts that are not public, an own message, too large a group), `receipt/contentInvalid`
   */
  markRead(messages: readonly Message[], kind?: 'read' | 'viewed', options?: { readonly content?: string }): Promise<void>
  /**
   * The user has entered a conversation and has it before their eyes (`<ChatWindow>` calls it then): where the policy's `onOpen` is `all`,
   * everything that is here of it is read, in one report. That it was reached, not that it was seen. Elsewhere it only ends what
   * `markUnread` began before this visit, where nothing is left to read.
   */
  markReached(conversationId: ConversationId): Promise<void>
  /**
   * Marks a conversation as unread: it stands out in the list, without a number, also after a reload. No read state moves, and nobody is told: it is this
   * device's, for no wire carries it to others of mine. It ends with
   * `clearUnread`, or with the first reading after the user left the conversation and came back; nothing that is read while it stays open ends it.
   * @throws ChatError `client/unknownConversation`
   */
  markUnread(conversationId: ConversationId): Promise<void>
  /** Sets the count to zero on all my devices, and takes back `markUnread` on this one; publishes nothing. What is looked at afterwards is read then, and told like any other. */
  clearUnread(conversationId: ConversationId): Promise<void>
  /** Keeps an unfinished message; an empty one is forgotten. @throws ChatError `client/unknownConversation` when this device does not know the conversation yet: there is nothing to keep it with */
  setDraft(conversationId: ConversationId, text: string): Promise<void>
  /**
   * Who is told what I read from now on: in one conversation, else in all that have no setting of their own.
   * Null: the conversation follows the user's setting again; without a conversation, the default (public).
   * @throws ChatError `client/unknownConversation` when this device does not know the conversation yet: a wish that could not be kept would be worse than none
   */
  setReceipts(visibility: ReceiptVisibility | null, conversationId?: ConversationId): Promise<void>
  /**
   * Publishes what was read on this device while receipts were private or off, once the user has confirmed it: switching them on never does.
   * What was only cleared (`clearUnread`) is not among it.
   * Without a conversation: in all whose receipts are public now.
   * @throws ChatError `client/unknownConversation`, as with `setReceipts`
   */
  publishEarlier(conversationId?: ConversationId): Promise<void>
  /** How much of the file of a message of mine is uploaded, 0 to 1; null when it is not on its way. Whichever tab sends it, all of them know. Subscribers are told. */
  getUploadProgress(message: Pick<Message, 'localId'>): number | null
  /** Where a file can be loaded from: its `url`, else what the app's `attachments.resolve` says of its `ref`. Null where neither knows. Asked again each time, since such addresses may expire. */
  resolveAttachment(attachment: Attachment): Promise<string | null>
  /** The file of a message of mine that is not uploaded yet; null when there is none. */
  getUpload(message: Pick<Message, 'localId'>): Promise<Blob | null>
  setTyping(conversationId: ConversationId, on: boolean): void
  /** Who is typing; stable array until it changes. */
  getTyping(conversationId: ConversationId): readonly UserId[]
  /** Whether somebody is there; null while that is not known: no connection, or a wire without `capabilities.presence`. Subscribers are told. */
  getPresence(userId: UserId): Presence | null
  /** How others see me, on all my tabs, from now until `stop`; default `online`. Told again after every connect. */
  setPresence(presence: Exclude<Presence, 'offline'>): void
  /** The profile if known; asks the directory once and tells subscribers when it answers. */
  getProfile(userId: UserId): UserProfile
  /** Whom the app's `directory.search` finds for a text; their profiles are then known. Null where the app has no search. */
  searchPeople(text: string): Promise<readonly UserProfile[] | null>
  /**
   * Takes messages older than `before` (epoch milliseconds) off this device, from the oldest on, as far as they are read. The back end keeps them: scrolling up fetches them again.
   * Resolves with how many were taken.
   */
  pruneHistory(conversationId: ConversationId, options: { before: number }): Promise<number>
  /** What is stored of a conversation, as JSON Lines; each string is one line with its end. @throws ChatError `client/unknownConversation` */
  exportConversation(conversationId: ConversationId): AsyncGenerator<string, void, undefined>
  /** Takes in what `exportConversation` gave, in pieces of any size. Known messages stay as they are, and nobody is told anything by it: what it brings into what was read already is told with what is read next there. @throws ChatError `client/invalidImport` */
  importConversation(lines: string | AsyncIterable<string> | Iterable<string>): Promise<ImportResult>
  /** A message as each of its receivers has it; empty when it is not stored here, or was recalled. Where others are hidden (`policy.reciprocal` while my receipts are not public) it is my own row alone. */
  statusRows(messageId: MessageId): Promise<readonly StatusRow[]>
  /** How much room there is; null where the browser does not say. */
  storageEstimate(): Promise<StorageEstimate | null>
  diagnostics(): Promise<Diagnostics>
}
