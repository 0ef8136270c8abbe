/** What an app asks of a client that works on its database: loaded with the engine, since nothing of it can be done before. */
import type { ConversationId, LocalId, Message } from '../model/index.js'
import { isRow } from '../storage/rows/fields.js'
import type { Changes } from '../sync/changes.js'
import type { SyncContext } from '../sync/context.js'
import * as sync from '../sync/engine.js'
import { noUploads } from '../sync/noUploads.js'
import type { Session } from '../sync/session.js'
import type { WindowLoader } from '../sync/windowLoader.js'
import type { ChatClient, ClientState } from './chatClient.js'
import { areMessages, isAnchor, isFile, requireCall } from './requireCall.js'
import type { Verb } from './verbNames.js'

/** Each is done within the session that runs now. */
export type Verbs = { readonly [Name in Verb]: (session: Session, ...args: Parameters<ChatClient[Name]>) => Promise<Awaited<ReturnType<ChatClient[Name]>>> }

export interface VerbsOptions {
  readonly ctx: SyncContext
  readonly windows: WindowLoader
  readonly getState: () => ClientState
  /** The session that runs when an answer comes; null when there is none any more. */
  readonly session: () => Session | null
  /** How often something from the wire was not applied, by reason. */
  readonly dropped: ReadonlyMap<string, number>
}

export function createVerbs({ ctx, windows, getState, session, dropped }: VerbsOptions): Verbs {
  const { me, storage, store, ports } = ctx
  let readerFetch: sync.ReaderFetch | null = null

  const commit = async (current: Session, changes: Promise<Changes>) => current.commit(await changes)
  const readNow = async (current: Session, messages: readonly Message[], kind: 'read' | 'viewed', content?: string) => current.commitReads(await sync.markRead(ctx, messages, kind, content), messages.length)
  const find = (conversationId: ConversationId, id: string) => storage.read((tx) => tx.messages.byId(conversationId, id))

  return {
    getMembers: (_session, conversationId) => storage.read((tx) => tx.members.list(conversationId)),
    getMemberStates: (_session, conversationId, messages) => sync.listMemberStates(ctx, conversationId, messages),
    receiptReport: (_session, messages) => sync.reportReceipts(ctx, messages),
    async send(current, conversationId, message) {
      requireCall(isRow(message), 'send', 'a message')
      if (message.upload && !ctx.upload) throw noUploads()
      const localId: LocalId = ports.random.id()
      current.commitReads(await sync.enqueueSend(ctx, conversationId, { ...message, localId }), 1)
      return localId
    },
    retry: (current, conversationId, localId) => commit(current, sync.retrySend(ctx, conversationId, localId)),
    discard: (current, conversationId, localId) => commit(current, sync.discardSend(ctx, conversationId, localId)),
    recall: (current, conversationId, id) => commit(current, sync.enqueueAction(ctx, conversationId, id, { action: 'recall' })),
    edit: (current, conversationId, id, body) => commit(current, sync.enqueueAction(ctx, conversationId, id, { action: 'edit', body })),
    async delete(current, conversationId, id, options) {
      requireCall(isRow(options) && ['me', 'all'].includes(options.for), 'delete', 'for whom, { for: "me" } or { for: "all" }')
      await commit(current, options.for === 'me' ? sync.hideMessage(ctx, conversationId, id) : sync.enqueueAction(ctx, conversationId, id, { action: 'delete' }))
    },
    async react(current, conversationId, id, emoji, on) {
      current.commitReads(await sync.enqueueAction(ctx, conversationId, id, { action: 'react', emoji, on }), 1)
    },
    getMessage: async (_session, conversationId, id) => (await find(conversationId, id)) ?? null,

    async openAt(_session, id, anchor) {
      requireCall(isAnchor(anchor), 'openAt', 'a place: { id }, { at }, { time }, newest or firstUnread')
      await windows.open(id, anchor)
    },
    async readers(_session, message, page) {
      readerFetch ??= sync.createReaderFetch(ctx, (changes) => session()?.commit(changes))
      readerFetch.ask(message)
      return sync.listReaders(ctx, message, page)
    },
    audience: (_session, message) => sync.listAudience(ctx, message),

    async markRead(current, messages, kind = 'read', { content } = {}) {
      requireCall(areMessages(messages) && ['read', 'viewed'].includes(kind), 'markRead', 'a list of messages, read or viewed')
      await readNow(current, messages, kind, content)
    },
    markReached: (current, conversationId) => commit(current, sync.markReached(ctx, conversationId)),
    markUnread: (current, conversationId) => commit(current, sync.markUnread(ctx, conversationId)),
    clearUnread: (current, conversationId) => commit(current, sync.clearUnread(ctx, conversationId)),
    setDraft: (current, conversationId, text) => commit(current, sync.storeDraft(ctx, conversationId, text)),
    publishEarlier: (current, conversationId) => commit(current, sync.publishEarlier(ctx, conversationId)),
    async setReceipts(current, visibility, conversationId) {
      await commit(current, sync.setReceipts(ctx, visibility, conversationId))
      if (conversationId === undefined) store.setState({ receipts: visibility ?? sync.DEFAULT_VISIBILITY })
    },
    getUpload: async (_session, { localId }) => (await storage.read((tx) => tx.blobs.get(localId))) ?? null,

    async pruneHistory(current, conversationId, options) {
      requireCall(isRow(options) && typeof options.before === 'number' && !Number.isNaN(options.before), 'pruneHistory', 'the time before which room is made, { before: … }')
      const { before } = options
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
    async importConversation(current, lines) {
      requireCall(isFile(lines), 'importConversation', 'the text of a file, or pieces of it')
      return sync.importLines(ctx, typeof lines === 'string' ? [lines] : lines, current.commit)
    },
    statusRows: (_session, messageId) => sync.statusRows(ctx, messageId),

    async diagnostics(current) {
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
}
