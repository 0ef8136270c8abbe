/** The one place where the parts are joined: transport, storage, store and synchronisation, behind the verbs an app uses. */
import { ChatError, systemPorts, type ConversationId, type LocalId, type Message, type Ports, type UserId } from '../model/index.js'
import { createReceiptPolicy } from '../receipts/index.js'
import { createChatStore, INITIAL_STATE } from '../store/chatStore.js'
import type { Changes } from '../sync/changes.js'
import type { SyncContext } from '../sync/context.js'
import { storeDraft } from '../sync/drafts.js'
import { discardSend, enqueueAction, enqueueSend, retrySend } from '../sync/enqueue.js'
import { storeEnsured, type EnsuredConversation } from '../sync/ensure.js'
import { hideMessage } from '../sync/hiding.js'
import { clearUnread, markRead } from '../sync/reading.js'
import { DEFAULT_VISIBILITY, userVisibility } from '../sync/queueReport.js'
import { setReceipts } from '../sync/receiptSettings.js'
import { startSession, type Session } from '../sync/session.js'
import { createWindowLoader } from '../sync/windowLoader.js'
import type { ChatClient, ChatClientEvents, ChatClientOptions, Diagnostics } from './chatClient.js'
import { createClientStateView, SERVER_STATE } from './clientState.js'
import { createConversationViews } from './conversationViews.js'
import { createEmitter } from './emitter.js'
import { createProfiles } from './profiles.js'
import { listReaders } from './readers.js'

const NOBODY: readonly UserId[] = Object.freeze([])

/**
 * Makes a chat client. It does nothing (no socket, timer, database or window) until `start()`, so it may be made while rendering on a server.
 *
 * @throws ChatError `client/noUser` without a user id; `policy/invalid` for a policy that makes no sense
 * @public
 */
export function createChatClient(options: ChatClientOptions): ChatClient {
  const { userId: me, transport, storage, logger, getToken } = options
  if (typeof me !== 'string' || me === '') {
    throw new ChatError('client/noUser', 'createChatClient() was given no userId. Every message, read state and database belongs to a user, so there is nothing to start without one. Pass the id of the signed-in user.')
  }
  const ports: Ports = { ...systemPorts(), ...options.ports }
  const policy = createReceiptPolicy(options.policy)
  const store = createChatStore()
  const emitter = createEmitter<ChatClientEvents>((cause) => logger?.('error', 'listener/threw', { cause: String(cause) }))
  const dropped = new Map<string, number>()
  let session: Session | null = null
  let lifecycle: Promise<void> = Promise.resolve()
  let wanted = false
  let disposed = false
  let early: EnsuredConversation[] = []

  const ctx: SyncContext = {
    me, storage, transport, store, ports, policy,
    getToken: async (reason) => getToken?.({ reason }),
    onError(error) {
      logger?.('error', error.code)
      emitter.emit('error', error)
    },
    onDropped(reason, conversationId) {
      dropped.set(reason, (dropped.get(reason) ?? 0) + 1)
      logger?.('warn', 'dropped', { reason })
      emitter.emit('dropped', conversationId === undefined ? { reason } : { reason, conversationId })
    },
  }
  const onFailure = (cause: unknown) => ctx.onError(asChatError(cause))
  const windows = createWindowLoader(ctx, () => session?.fetchGap ?? null)
  const views = createConversationViews({ store, me, policy, capabilities: transport.capabilities, clock: ports.clock, windows, isReady: () => session !== null, onError: onFailure })
  const getProfile = createProfiles(store, options.directory, onFailure)
  const viewState = createClientStateView()
  const getState = () => viewState(store.getState())
  store.subscribe(
    changed(() => getState(), (state) => emitter.emit('state', state)),
  )

  async function open(): Promise<void> {
    store.setState({ phase: 'starting' })
    await storage.open(me)
    store.setState({ storage: storage.getState() })
    // Another tab is in the way; the screen says so, and opening goes on by itself when it is gone.
    if (storage.getState().status === 'blocked') return
    for (const conversation of early) await storeEnsured(ctx, conversation)
    early = []
    await hydrate()
    store.setState({ phase: 'running' })
    session = startSession(ctx, windows, refresh)
    views.openRetained()
  }

  async function hydrate(): Promise<void> {
    const before = store.getState().conversations
    const { stored, receipts } = await storage.read(async (tx) => ({ stored: await tx.conversations.list(), receipts: await userVisibility(tx) }))
    // What was committed meanwhile is newer than what was read.
    if (store.getState().conversations !== before) return hydrate()
    const known = stored.map((each) => [each.id, sameOr(before.get(each.id), each)] as const)
    const isSame = known.length === before.size && known.every(([id, each]) => before.get(id) === each)
    store.setState(isSame ? { hydrated: true, receipts } : { conversations: new Map(known), hydrated: true, receipts })
  }

  /** What is on screen is read again: the database may have changed unheard. */
  async function refresh(): Promise<void> {
    await hydrate()
    await windows.refreshAll()
  }

  async function close(): Promise<void> {
    const ending = session
    session = null
    await ending?.stop()
    await storage.close()
    store.setState({ ...INITIAL_STATE, phase: 'stopped', profiles: store.getState().profiles, windows: store.getState().windows, readViews: store.getState().readViews })
  }

  storage.subscribe(() => {
    const before = store.getState().storage.status
    const now = storage.getState()
    store.setState({ storage: now })
    if (now.status !== 'ready' && now.status !== 'memory') return
    if (before === 'blocked' && wanted && !session) void settle().catch(onFailure)
    if (before === 'reopening' && session) refresh().catch(onFailure)
  })

  /** Starts and stops follow each other; a stop and a start in one breath (StrictMode) cancel out. */
  function settle(): Promise<void> {
    lifecycle = lifecycle.then(async () => {
      if (wanted && !session) await open()
      else if (!wanted && session) await close()
    })
    const current = lifecycle
    lifecycle = lifecycle.catch(() => {
      store.setState({ phase: 'stopped' })
    })
    return current
  }

  /** The running session; waits while it starts. */
  async function running(verb: string): Promise<Session> {
    if (wanted) await lifecycle
    if (session) return session
    throw new ChatError('client/notStarted', `client.${verb}() was called while the client is not running, so its database is closed. Mount <ChatProvider client={client}>, or await client.start() first.`)
  }

  async function commit(verb: string, write: () => Promise<Changes>): Promise<void> {
    const current = await running(verb)
    current.commit(await write())
  }

  async function readNow(messages: readonly Message[], kind: 'read' | 'viewed'): Promise<void> {
    const current = await running('markRead')
    current.commitReads(await markRead(ctx, messages, kind), messages.length)
  }

  async function readTarget(conversationId: ConversationId, id: string | undefined): Promise<void> {
    if (id === undefined) return
    const target = await storage.read((tx) => tx.messages.byId(conversationId, id))
    if (target) await readNow([target], 'read')
  }

  const client: ChatClient = {
    userId: me,
    capabilities: transport.capabilities,
    policy,
    ports,
    getState,
    getServerState: () => SERVER_STATE,
    subscribe: (listener) => store.subscribe(changed(() => [getState(), store.getState().typing, store.getState().profiles] as const, listener, sameItems)),
    on: (name, listener) => emitter.on(name, listener),

    start() {
      if (disposed) return Promise.reject(new ChatError('client/disposed', 'This client was disposed of and cannot start again. Make a new one with createChatClient().'))
      wanted = true
      return settle()
    },
    stop() {
      wanted = false
      return settle()
    },
    async dispose() {
      disposed = true
      wanted = false
      await settle()
    },
    async signOut({ data }) {
      if (data === 'wipe') {
        await running('signOut')
        const ending = session
        session = null
        await ending?.stop()
        await storage.wipe()
      }
      wanted = false
      await settle()
      await storage.close()
      store.setState({ ...INITIAL_STATE, phase: 'stopped' })
    },

    async ensureConversation({ id, kind, members, title }) {
      const ensured: EnsuredConversation = { id, kind, members, ...(title === undefined ? {} : { title }) }
      if (!session) {
        // Inert until started: kept here, stored as soon as the database is open.
        early.push(ensured)
        if (wanted) await lifecycle
        return
      }
      session.commit(await storeEnsured(ctx, ensured))
      await session.tellEnsured(ensured).catch(onFailure)
    },
    async getMembers(conversationId) {
      await running('getMembers')
      return storage.read((tx) => tx.members.list(conversationId))
    },

    async send(conversationId, message) {
      const localId: LocalId = ports.random.id()
      await commit('send', () => enqueueSend(ctx, conversationId, { ...message, localId }))
      await readTarget(conversationId, message.replyTo)
      return localId
    },
    retry: (conversationId, localId) => commit('retry', () => retrySend(ctx, conversationId, localId)),
    discard: (conversationId, localId) => commit('discard', () => discardSend(ctx, conversationId, localId)),
    recall: (conversationId, id) => commit('recall', () => enqueueAction(ctx, conversationId, id, 'recall')),
    edit: (conversationId, id, body) => commit('edit', () => enqueueAction(ctx, conversationId, id, 'edit', body)),
    delete: (conversationId, id, options) =>
      commit('delete', () => (options.for === 'me' ? hideMessage(ctx, conversationId, id) : enqueueAction(ctx, conversationId, id, 'delete'))),
    async react(conversationId, id, emoji, on) {
      await commit('react', () => enqueueAction(ctx, conversationId, id, 'react', { emoji, on }))
      if (on) await readTarget(conversationId, id)
    },
    async getMessage(conversationId, id) {
      await running('getMessage')
      return (await storage.read((tx) => tx.messages.byId(conversationId, id))) ?? null
    },

    messages: (id) => views.messages(id),
    readStates: (id) => views.readStates(id),
    async openAt(id, anchor) {
      await running('openAt')
      await windows.open(id, anchor)
    },
    async readers(message, page) {
      await running('readers')
      return listReaders(ctx, message, page)
    },

    markRead: (messages, kind = 'read') => readNow(messages, kind),
    clearUnread: (conversationId) => commit('clearUnread', () => clearUnread(ctx, conversationId)),
    async setDraft(conversationId, text) {
      await commit('setDraft', () => storeDraft(ctx, conversationId, text))
    },
    async setReceipts(visibility, conversationId) {
      await commit('setReceipts', () => setReceipts(ctx, visibility, conversationId))
      if (conversationId === undefined) store.setState({ receipts: visibility ?? DEFAULT_VISIBILITY })
    },
    setTyping(conversationId, on) {
      session?.setTyping(conversationId, on)
    },
    getTyping: (conversationId) => store.getState().typing.get(conversationId) ?? NOBODY,
    getProfile,

    async diagnostics(): Promise<Diagnostics> {
      const current = await running('diagnostics')
      const { phase, connection, storage: storageState, pendingCount } = getState()
      const { outbox, quarantined } = await storage.read(async (tx) => ({ outbox: await tx.outbox.list(), quarantined: (await tx.quarantine.list()).length }))
      return {
        userId: me,
        state: { phase, connection, storage: storageState, pendingCount },
        leader: current.isLeading(),
        dropped: Object.fromEntries(dropped),
        quarantined,
        outbox: outbox.map(({ seq, lane, action, attempts, failed }) => ({ seq, lane, action, attempts, failed: failed !== undefined })),
      }
    },
  }
  return client
}

/** A store listener that fires only when what `pick` takes has changed. */
function changed<T>(pick: () => T, fire: (value: T) => void, same: (a: T, b: T) => boolean = Object.is): () => void {
  let before = pick()
  return () => {
    const next = pick()
    if (same(before, next)) return
    before = next
    fire(next)
  }
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.every((item, i) => item === b[i])
}

/** The old object where the new one says the same, so that nothing is drawn again for it. */
function sameOr<T>(before: T | undefined, after: T): T {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(after) ? before : after
}

function asChatError(cause: unknown): ChatError {
  if (cause instanceof ChatError) return cause
  return new ChatError('client/unexpected', 'Something failed that has no error code of its own. Nothing that was confirmed is lost. See the cause.', { cause })
}
