/** The one place where the parts are joined: transport, storage, store and synchronisation, behind the verbs an app uses. */
import { ChatError, systemPorts, type ConversationId, type LocalId, type Message, type Ports, type UserId } from '../model/index.js'
import { createReceiptPolicy } from '../receipts/index.js'
import { createChatStore } from '../store/chatStore.js'
import type { Changes } from '../sync/changes.js'
import type { SyncContext, Upload } from '../sync/context.js'
import type * as Sync from '../sync/engine.js'
import { noUploads } from '../sync/noUploads.js'
import type { ChatClient, ChatClientEvents, ChatClientOptions, Diagnostics } from './chatClient.js'
import { createClientStateView, SERVER_STATE } from './clientState.js'
import { createConversationViews } from './conversationViews.js'
import { createEmitter } from './emitter.js'
import { createLifecycle } from './lifecycle.js'
import { createProfiles } from './profiles.js'

const NOBODY: readonly UserId[] = Object.freeze([])

/**
 * Makes a chat client. It does nothing (no socket, timer, database or window) until `start()`, so it may be made while rendering on a server.
 *
 * @throws ChatError `client/noUser` without a user id; `client/noTransport` and `client/noStorage` without what only looks like one; `policy/invalid` for a policy that makes no sense
 * @public
 */
export function createChatClient(options: ChatClientOptions): ChatClient {
  checkOptions(options)
  const { userId: me, transport, storage, logger, getToken } = options
  const ports: Ports = { ...systemPorts(), ...options.ports }
  const policy = createReceiptPolicy(options.policy)
  const store = createChatStore()
  const emitter = createEmitter<ChatClientEvents>((cause) => logger?.('error', 'listener/threw', { cause: String(cause) }))
  const dropped = new Map<string, number>()
  let disposed = false

  const ctx: SyncContext = {
    me, storage, transport, store, ports, policy,
    getToken: async (reason) => getToken?.({ reason }),
    upload: uploadOf(options),
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
  const session = () => lifecycle.session()
  const views = createConversationViews({ store, me, policy, capabilities: transport.capabilities, clock: ports.clock, windows: () => lifecycle.engine()?.windows ?? null, computed: () => lifecycle.engine()?.sync.computeShown ?? null, isReady: () => session() !== null, onError: onFailure })
  const lifecycle = createLifecycle({ ctx, onOpen: views.openRetained, onFailure })
  const { running } = lifecycle
  const { getProfile, searchPeople } = createProfiles(store, options.directory, onFailure)
  const viewState = createClientStateView()
  const getState = () => viewState(store.getState())
  store.subscribe(
    changed(() => getState(), (state) => emitter.emit('state', state)),
  )

  async function commit(verb: string, write: (sync: typeof Sync) => Promise<Changes>): Promise<void> {
    const { session: current, engine } = await running(verb)
    current.commit(await write(engine.sync))
  }

  async function readNow(messages: readonly Message[], kind: 'read' | 'viewed'): Promise<void> {
    const { session: current, engine } = await running('markRead')
    current.commitReads(await engine.sync.markRead(ctx, messages, kind), messages.length)
  }

  async function readTarget(conversationId: ConversationId, id: string | undefined): Promise<void> {
    if (id === undefined) return
    const target = await storage.read((tx) => tx.messages.byId(conversationId, id))
    if (target) await readNow([target], 'read')
  }

  let readerFetch: Sync.ReaderFetch | null = null
  const client: ChatClient = {
    userId: me,
    capabilities: transport.capabilities,
    policy,
    ports,
    getState,
    getServerState: () => SERVER_STATE,
    subscribe: (listener) => store.subscribe(changed(() => [getState(), store.getState().typing, store.getState().profiles, store.getState().uploads, store.getState().presences, store.getState().myPresence] as const, listener, sameItems)),
    on: (name, listener) => emitter.on(name, listener),

    start() {
      if (disposed) return Promise.reject(new ChatError('client/disposed', 'This client was disposed of and cannot start again. Make a new one with createChatClient().'))
      return lifecycle.start()
    },
    stop: lifecycle.stop,
    async dispose() {
      disposed = true
      await lifecycle.stop()
    },
    signOut: ({ data }) => lifecycle.signOut(data),

    ensureConversation: ({ id, kind, members, title }) => lifecycle.ensure({ id, kind, members, ...(title === undefined ? {} : { title }) }),
    async getMembers(conversationId) {
      await running('getMembers')
      return storage.read((tx) => tx.members.list(conversationId))
    },

    async send(conversationId, message) {
      if (message.upload && !ctx.upload) throw noUploads()
      const localId: LocalId = ports.random.id()
      await commit('send', (sync) => sync.enqueueSend(ctx, conversationId, { ...message, localId }))
      await readTarget(conversationId, message.replyTo)
      return localId
    },
    canUpload: ctx.upload !== null,
    async upload(file, uploading) {
      if (ctx.upload) return ctx.upload(file, uploading)
      throw noUploads()
    },
    retry: (conversationId, localId) => commit('retry', (sync) => sync.retrySend(ctx, conversationId, localId)),
    discard: (conversationId, localId) => commit('discard', (sync) => sync.discardSend(ctx, conversationId, localId)),
    recall: (conversationId, id) => commit('recall', (sync) => sync.enqueueAction(ctx, conversationId, id, { action: 'recall' })),
    edit: (conversationId, id, body) => commit('edit', (sync) => sync.enqueueAction(ctx, conversationId, id, { action: 'edit', body })),
    delete: (conversationId, id, options) =>
      commit('delete', (sync) => (options.for === 'me' ? sync.hideMessage(ctx, conversationId, id) : sync.enqueueAction(ctx, conversationId, id, { action: 'delete' }))),
    async react(conversationId, id, emoji, on) {
      await commit('react', (sync) => sync.enqueueAction(ctx, conversationId, id, { action: 'react', emoji, on }))
      if (on) await readTarget(conversationId, id)
    },
    async getMessage(conversationId, id) {
      await running('getMessage')
      return (await storage.read((tx) => tx.messages.byId(conversationId, id))) ?? null
    },

    messages: (id) => views.messages(id),
    readStates: (id) => views.readStates(id),
    async openAt(id, anchor) {
      const { engine } = await running('openAt')
      await engine.windows.open(id, anchor)
    },
    async readers(message, page) {
      const { engine } = await running('readers')
      readerFetch ??= engine.sync.createReaderFetch(ctx, (changes) => session()?.commit(changes))
      readerFetch.ask(message)
      return engine.sync.listReaders(ctx, message, page)
    },

    async audience(message) {
      const { engine } = await running('audience')
      return engine.sync.listAudience(ctx, message)
    },

    markRead: (messages, kind = 'read') => readNow(messages, kind),
    async markReached(conversationId) {
      if (Object.values(policy.onOpen).includes('all')) await commit('markReached', (sync) => sync.markReached(ctx, conversationId))
    },
    clearUnread: (conversationId) => commit('clearUnread', (sync) => sync.clearUnread(ctx, conversationId)),
    async setDraft(conversationId, text) {
      await commit('setDraft', (sync) => sync.storeDraft(ctx, conversationId, text))
    },
    publishEarlier: (conversationId) => commit('publishEarlier', (sync) => sync.publishEarlier(ctx, conversationId)),
    async setReceipts(visibility, conversationId) {
      const { session: current, engine: { sync } } = await running('setReceipts')
      current.commit(await sync.setReceipts(ctx, visibility, conversationId))
      if (conversationId === undefined) store.setState({ receipts: visibility ?? sync.DEFAULT_VISIBILITY })
    },
    setTyping(conversationId, on) {
      session()?.setTyping(conversationId, on)
    },
    getUploadProgress: ({ localId }) => store.getState().uploads.get(localId) ?? null,
    async resolveAttachment(attachment) {
      return attachment.url ?? (attachment.ref === undefined ? null : ((await options.attachments?.resolve?.(attachment)) ?? null))
    },
    async getUpload({ localId }) {
      await running('getUpload')
      return (await storage.read((tx) => tx.blobs.get(localId))) ?? null
    },
    getTyping: (conversationId) => store.getState().typing.get(conversationId) ?? NOBODY,
    getPresence(userId) {
      const { connection, presences, myPresence } = store.getState()
      if (!transport.capabilities.presence || connection.status !== 'online') return null
      return userId === me ? myPresence : (presences.get(userId) ?? 'offline')
    },
    setPresence(myPresence) {
      store.setState({ myPresence })
      session()?.tellPresence()
    },
    getProfile,
    searchPeople,
    async pruneHistory(conversationId, { before }) {
      const { session: current, engine: { sync, windows } } = await running('pruneHistory')
      for (let total = 0; ; ) {
        const { pruned, changes } = await sync.pruneBatch(ctx, conversationId, before)
        if (pruned === 0) {
          // What is missing now can be scrolled to.
          if (total > 0) await windows.refreshAll()
          return total
        }
        current.commit(changes)
        total += pruned
      }
    },
    async *exportConversation(conversationId) {
      const { engine } = await running('exportConversation')
      yield* engine.sync.exportLines(ctx, conversationId)
    },
    async importConversation(lines) {
      const { session: current, engine } = await running('importConversation')
      return engine.sync.importLines(ctx, typeof lines === 'string' ? [lines] : lines, current.commit)
    },
    async statusRows(messageId) {
      const { engine } = await running('statusRows')
      return engine.sync.statusRows(ctx, messageId)
    },
    storageEstimate: () => ports.estimateStorage().catch(() => null),

    async diagnostics(): Promise<Diagnostics> {
      const { session: current } = await running('diagnostics')
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

function uploadOf({ attachments, transport }: ChatClientOptions): Upload | null {
  if (attachments) return (file, options) => attachments.upload(file, options)
  const { upload } = transport
  return transport.capabilities.upload && upload ? (file, options) => upload.call(transport, file, options) : null
}

function checkOptions(options: Partial<ChatClientOptions> | undefined): void {
  const { userId, transport, storage } = options ?? {}
  if (typeof userId !== 'string' || userId === '') {
    throw new ChatError('client/noUser', 'createChatClient() was given no userId. Every message, read state and database belongs to a user, so there is nothing to start without one. Pass the id of the signed-in user.')
  }
  if (typeof transport?.connect !== 'function' || typeof transport.on !== 'function') {
    throw new ChatError('client/noTransport', 'createChatClient() was given no transport, so nothing could be sent or received. Pass one, for example memoryHub().transport() (the hub itself is not one, and its method has to be called).')
  }
  if (typeof storage?.open !== 'function' || typeof storage.subscribe !== 'function') {
    throw new ChatError('client/noStorage', 'createChatClient() was given no storage, so nothing could be kept. Pass one, for example dexieStorage() or memoryStorage() (the function has to be called).')
  }
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

function asChatError(cause: unknown): ChatError {
  if (cause instanceof ChatError) return cause
  return new ChatError('client/unexpected', 'Something failed that has no error code of its own. Nothing that was confirmed is lost. See the cause.', { cause })
}
