import { DEFAULT_RECEIPT_POLICY, systemPorts, type ChatClient, type ClientState, type Conversation, type Message, type MessageSnapshot, type UserId } from 'readback'

/** A client whose state the test sets by hand; every call is noted. */
export interface FakeClient extends ChatClient {
  readonly calls: (readonly [name: string, ...args: unknown[]])[]
  set(change: Partial<ClientState>): void
  setTypingPeople(userIds: readonly UserId[]): void
  setPresences(presences: Readonly<Record<UserId, 'online' | 'unavailable'>> | null): void
  setUploaded(localId: string, fraction: number | null): void
  listenerCount(): number
}

const UNTRACKED = { tracked: false, reason: 'off' } as const

export const IDLE: ClientState = { phase: 'idle', connection: { status: 'online' }, storage: { status: 'ready' }, conversations: [], hydrated: false, pendingCount: 0, caughtUp: true, receipts: 'public', rosters: new Map() }

export function conversation(id: string, rest: Partial<Conversation> = {}): Conversation {
  return { id, kind: 'direct', head: null, lastMessage: null, lastActivityAt: 0, unread: { count: 0, exact: true }, manualUnread: { rev: 0, on: false }, rosterComplete: true, ...rest }
}

export function message(rest: Partial<Message> = {}): Message {
  return { conversationId: 'garden', from: 'bo', localId: 'm-1', ids: ['m-1'], at: { epoch: 0, order: 1, id: 'm-1' }, time: Date.UTC(2026, 10, 19, 9, 41), body: { kind: 'text', text: 'Hello' }, ...rest }
}

interface FakeOptions {
  readonly names?: Readonly<Record<string, string>>
  readonly members?: readonly UserId[]
  readonly snapshot?: Partial<MessageSnapshot>
  readonly send?: () => Promise<string>
  /** Beside typing; default none. */
  readonly capabilities?: Partial<ChatClient['capabilities']>
  /** Default false. */
  readonly canUpload?: boolean
  readonly policy?: Partial<ChatClient['policy']>
  /** The app's search; default: it has none. */
  readonly search?: (text: string) => readonly UserId[]
}

export function fakeClient({ names = {}, members = [], snapshot = {}, send = () => Promise.resolve('m-2'), capabilities = {}, canUpload = false, policy = {}, search }: FakeOptions = {}): FakeClient {
  let state = IDLE
  let typing: readonly UserId[] = []
  /** Null: the wire does not tell. */
  let presences: Readonly<Record<UserId, 'online' | 'unavailable'>> | null = null
  const uploads = new Map<string, number>()
  const listeners = new Set<() => void>()
  const calls: FakeClient['calls'] = []
  const tell = () => listeners.forEach((listener) => listener())
  const subscribe = (listener: () => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  const note = (name: string) => (...args: unknown[]) => {
    calls.push([name, ...args])
    return Promise.resolve()
  }
  const shown: MessageSnapshot = { messages: [], hasOlder: false, hasNewer: false, loading: 'none', status: 'ready', firstUnreadKey: null, ...snapshot }
  const source = { getSnapshot: () => shown, getServerSnapshot: () => shown, subscribe: () => () => {} }
  const readStates = { getStatus: () => 'delivered' as const, getTally: () => UNTRACKED, isRead: () => false, subscribe: () => () => {} }
  const profiles = new Map<UserId, { userId: UserId; name?: string }>()
  const partial: Partial<FakeClient> = {
    calls,
    userId: 'ada',
    capabilities: { typing: true, read: { direct: 'ranges', group: 'ranges' }, limits: {}, ...capabilities } as ChatClient['capabilities'],
    policy: { ...DEFAULT_RECEIPT_POLICY, ...policy },
    ports: systemPorts(),
    getState: () => state,
    getServerState: () => IDLE,
    subscribe,
    start: note('start'),
    stop: note('stop'),
    retry: note('retry'),
    discard: note('discard'),
    recall: note('recall'),
    edit: note('edit'),
    delete: note('delete'),
    react: note('react'),
    getMessage: () => Promise.resolve(null),
    canUpload,
    getUploadProgress: ({ localId }) => uploads.get(localId) ?? null,
    resolveAttachment: ({ url, ref }) => Promise.resolve(url ?? (ref === undefined ? null : `https://example.com/${ref}`)),
    searchPeople: (text) => Promise.resolve(search?.(text).map((userId) => ({ userId, ...(names[userId] === undefined ? {} : { name: names[userId] }) })) ?? null),
    getUpload: () => Promise.resolve(new Blob(['file'])),
    setDraft: note('setDraft'),
    setReceipts: note('setReceipts'),
    markRead: note('markRead'),
    setTyping: (...args) => void calls.push(['setTyping', ...args]),
    send(...args) {
      calls.push(['send', ...args])
      return send()
    },
    messages: () => source,
    readStates: () => readStates,
    getTyping: () => typing,
    getPresence: (userId) => (presences ? (presences[userId] ?? 'offline') : null),
    audience: () => Promise.resolve(members.filter((userId) => userId !== 'ada')),
    getMembers: () => Promise.resolve(members.map((userId) => ({ userId, role: 'member' as const, intervals: [{ joinedAt: null, leftAt: null }] }))),
    getProfile(userId) {
      // A new object each time, as the contract allows.
      profiles.set(userId, { userId, ...(names[userId] === undefined ? {} : { name: names[userId] }) })
      return profiles.get(userId)!
    },
    set(change) {
      state = { ...state, ...change }
      tell()
    },
    setUploaded(localId, fraction) {
      if (fraction === null) uploads.delete(localId)
      else uploads.set(localId, fraction)
      tell()
    },
    setTypingPeople(userIds) {
      typing = userIds
      tell()
    },
    setPresences(next) {
      presences = next
      tell()
    },
    listenerCount: () => listeners.size,
  }
  return partial as FakeClient
}
