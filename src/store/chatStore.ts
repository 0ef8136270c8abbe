/** The view of the database that the screen needs: one vanilla Zustand store a client, one slice a noun. Hydrated by query, patched by row events, never written back as a whole. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Conversation, ConversationId, LocalId, Member, MemberRole, Message, ReceiptVisibility, UserId, UserProfile } from '../model/index.js'
import { telling } from '../model/telling.js'
import type { ReceiptIndex, SignsOfLife } from '../receipts/index.js'
import type { OwnState } from '../receipts/readState.js'
import type { StorageState } from '../storage/index.js'
import type { ConnectionState, Presence } from '../transport/index.js'
import type { MessageWindow } from './windowTypes.js'

/** What is known of reading in one open conversation. `index` is patched in place; `version` says when. */
export interface ReadView {
  readonly version: number
  readonly own: OwnState
  /** See {@link ReadStateSource}. */
  readonly isRead: (message: Message) => boolean
  readonly isSeen: (message: Message) => boolean
  readonly index: ReceiptIndex
  readonly members: readonly Member[]
  readonly myRole: MemberRole
  /** When members were heard of; null where the policy knows no silence, so that nobody pays for it. */
  readonly signs: ReadonlyMap<UserId, SignsOfLife> | null
}

/** @public */
export type ClientPhase = 'idle' | 'starting' | 'running' | 'stopped'

export interface ChatStoreState {
  readonly phase: ClientPhase
  readonly connection: ConnectionState
  readonly storage: StorageState
  readonly hydrated: boolean
  readonly pendingCount: number
  /** Whether the back end told its conversations since the start. */
  readonly caughtUp: boolean
  /** The user's own setting. */
  readonly receipts: ReceiptVisibility
  readonly conversations: ReadonlyMap<ConversationId, Conversation>
  /** How often the members of a conversation changed since the start; absent: not yet. */
  readonly rosters: ReadonlyMap<ConversationId, number>
  /** Only of open conversations. */
  readonly windows: ReadonlyMap<ConversationId, MessageWindow>
  readonly readViews: ReadonlyMap<ConversationId, ReadView>
  /** How much of a message's file is uploaded, 0 to 1, by local id; only while it is on its way. */
  readonly uploads: ReadonlyMap<LocalId, number>
  readonly typing: ReadonlyMap<ConversationId, readonly UserId[]>
  /** Who is there; who is absent here is offline. Only of this connection. */
  readonly presences: ReadonlyMap<UserId, Presence>
  /** How the user wishes to be seen. */
  readonly myPresence: Exclude<Presence, 'offline'>
  readonly profiles: ReadonlyMap<UserId, UserProfile>
}

export type ChatStore = StoreApi<ChatStoreState>

export const INITIAL_STATE: ChatStoreState = Object.freeze<ChatStoreState>({
  phase: 'idle',
  connection: { status: 'offline', reason: 'starting' },
  storage: { status: 'closed' },
  hydrated: false,
  pendingCount: 0,
  caughtUp: false,
  receipts: 'public',
  conversations: new Map(),
  rosters: new Map(),
  windows: new Map(),
  readViews: new Map(),
  uploads: new Map(),
  typing: new Map(),
  presences: new Map(),
  myPresence: 'online',
  profiles: new Map(),
})

export function createChatStore(): ChatStore {
  const store = createStore<ChatStoreState>(() => INITIAL_STATE)
  // Whoever writes into it has stored something, and is not to fail for one who looks on.
  return { ...store, subscribe: (listener) => store.subscribe(telling(listener)) }
}

/** A copy of `map` with one entry set; the same map when it was that already. */
export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  if (map.get(key) === value) return map
  return new Map(map).set(key, value)
}

/** A copy of `map` without the entry; the same map when there was none. */
export function withoutEntry<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  if (!map.has(key)) return map
  const copy = new Map(map)
  copy.delete(key)
  return copy
}
