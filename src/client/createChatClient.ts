/** The one place where the parts are joined: transport, storage, store and synchronisation, behind the verbs an app uses. */
import { ChatError, systemClock, systemVisibility, type UserId } from '../model/index.js'
import { sameItems } from '../model/sameItems.js'
import { createReceiptPolicy } from '../receipts/index.js'
import { changed } from '../store/changed.js'
import { createChatStore } from '../store/chatStore.js'
import type { Upload } from '../sync/context.js'
import { noUploads } from '../sync/noUploads.js'
import type { ChatClient, ChatClientEvents, ChatClientOptions } from './chatClient.js'
import { createClientStateView, SERVER_STATE } from './clientState.js'
import { createConversationViews } from './conversationViews.js'
import { createEmitter } from './emitter.js'
import type { ClientContext } from './engine.js'
import { createLifecycle } from './lifecycle.js'
import { createProfiles } from './profiles.js'
import { VERBS, type Verb } from './verbNames.js'

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
  const ports = { clock: systemClock, visibility: systemVisibility, ...options.ports }
  const policy = createReceiptPolicy(options.policy)
  const store = createChatStore()
  const emitter = createEmitter<ChatClientEvents>((cause) => logger?.('error', 'listener/threw', { cause: String(cause) }))
  const dropped = new Map<string, number>()
  let disposed = false

  const ctx: ClientContext = {
    me, storage, databaseName: storage.name, transport, store, ports, policy,
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
  const viewState = createClientStateView()
  const getState = () => viewState(store.getState())
  const onFailure = (cause: unknown) => ctx.onError(asChatError(cause))
  const session = () => lifecycle.session()
  const views = createConversationViews({ store, me, policy, capabilities: transport.capabilities, clock: ports.clock, windows: () => lifecycle.engine()?.windows ?? null, computed: () => lifecycle.engine()?.computeShown ?? null, isReady: () => session() !== null, onError: onFailure })
  const lifecycle = createLifecycle({ ctx, getState, dropped, onOpen: views.openRetained, onFailure })
  const { running } = lifecycle
  const { getProfile, searchPeople } = createProfiles(store, options.directory, onFailure)
  store.subscribe(
    changed(() => getState(), (state) => emitter.emit('state', state)),
  )

  /** Waits for the session, then does what the engine has by this name. */
  const verb = <Name extends Verb>(name: Name) => async (...args: Parameters<ChatClient[Name]>) => {
    const { session: current, engine } = await running(name)
    return engine.verbs[name](current, ...args)
  }
  const verbs = Object.fromEntries(VERBS.map((name) => [name, verb(name)])) as unknown as Pick<ChatClient, Verb>
  return {
    ...verbs,
    async markReached(conversationId) {
      if (policy.onOpen.direct === 'all' || store.getState().conversations.get(conversationId)?.manualUnread.on) await verbs.markReached(conversationId)
    },
    userId: me,
    capabilities: transport.capabilities,
    policy,
    ports,
    getState,
    getServerState: () => SERVER_STATE,
    subscribe(listener) {
      const shown = () => {
        const { typing, profiles, uploads, presences, myPresence } = store.getState()
        return [getState(), typing, profiles, uploads, presences, myPresence]
      }
      return store.subscribe(changed(shown, listener, sameItems))
    },
    on: emitter.on,

    start() {
      if (disposed) return Promise.reject(new ChatError('client/disposed', 'This client was disposed of and cannot start again. Make a new one.'))
      return lifecycle.start()
    },
    stop: lifecycle.stop,
    async dispose() {
      disposed = true
      await lifecycle.stop()
    },
    signOut: ({ data }) => lifecycle.signOut(data),

    ensureConversation: ({ id, kind, members, title }) => lifecycle.ensure({ id, kind, members, ...(title === undefined ? {} : { title }) }),
    canUpload: ctx.upload !== null,
    async upload(file, uploading) {
      if (ctx.upload) return ctx.upload(file, uploading)
      throw noUploads()
    },
    messages: views.messages,
    readStates: views.readStates,
    setTyping(conversationId, on) {
      session()?.setTyping(conversationId, on)
    },
    getUploadProgress: ({ localId }) => store.getState().uploads.get(localId) ?? null,
    async resolveAttachment(attachment) {
      return attachment.url ?? (attachment.ref === undefined ? null : ((await options.attachments?.resolve?.(attachment)) ?? null))
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
    async *exportConversation(conversationId) {
      const { engine } = await running('exportConversation')
      yield* engine.exportLines(conversationId)
    },
    storageEstimate: () => lifecycle.makeEngine().then((engine) => engine.ports.estimateStorage()).catch(() => null),
  }
}

function uploadOf({ attachments, transport }: ChatClientOptions): Upload | null {
  const host = attachments ?? (transport.capabilities.upload && transport.upload ? transport : null)
  return host && ((file, options) => host.upload!(file, options))
}

function checkOptions(options: Partial<ChatClientOptions> | undefined): void {
  const { userId, transport, storage } = options ?? {}
  if (typeof userId !== 'string' || userId === '') throw lacks('User', 'userId, so nothing would belong to anybody. Pass the id of the signed-in user.')
  if (typeof transport?.connect !== 'function' || typeof transport.on !== 'function') {
    throw lacks('Transport', 'transport, so nothing could be sent or received. Pass one, as memoryHub().transport() returns it, not the hub.')
  }
  if (typeof storage?.open !== 'function' || typeof storage.subscribe !== 'function') {
    throw lacks('Storage', 'storage, so nothing could be kept. Pass one, as dexieStorage() returns it, not the function.')
  }
}

function lacks(code: string, what: string): ChatError {
  return new ChatError(`client/no${code}`, `createChatClient() was given no ${what}`)
}

function asChatError(cause: unknown): ChatError {
  if (cause instanceof ChatError) return cause
  return new ChatError('client/unexpected', 'Something failed that has no code. Nothing confirmed is lost. See the cause.', { cause })
}
