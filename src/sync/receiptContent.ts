/** What a user says with a receipt: of each message a report of its own, that nothing joins, so that it says of which message it was. */
import { ChatError, comparePoints, isCountable, NO_PROGRESS, type Conversation, type Message, type MessageId } from '../model/index.js'
import { wireIdOf } from '../model/wireIdOf.js'
import { MAX_CONTENT_CHARS } from '../receipts/contents.js'
import { progressOfPoints } from '../receipts/index.js'
import type { OutboxReport, StorageTx } from '../storage/index.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { loadOwn, requireConversation } from './conversationRows.js'
import { isTooLarge } from './groupSize.js'
import { isPublished, receiptVisibility } from './queueReport.js'
import type { PreparedReport } from './reporting.js'
import { reportedOf } from './reportedMessages.js'

type Kind = 'read' | 'viewed'

/**
 * Queues what is said of these messages. That they are read is noted besides.
 * @throws ChatError `receipt/contentInvalid`, `receipt/contentUnsupported`, `receipt/contentNotTold`, `client/unknownConversation`
 */
export async function queueContents(tx: StorageTx, ctx: SyncContext, messages: readonly Message[], kind: Kind, content: string, changes: Changes): Promise<void> {
  if (typeof content !== 'string' || content === '' || content.length > MAX_CONTENT_CHARS) throw invalid(content)
  for (const message of messages) {
    const { conversationId } = message
    const conversation = await requireConversation(tx, conversationId, 'nothing can be said with a receipt of it')
    requireCarried(ctx, conversation, kind)
    const id = wireIdOf(message)
    if (id === undefined || !(await isTold(tx, ctx, conversation, message, kind, changes))) throw notTold(message)
    await tx.outbox.add({ lane: 'receipt', action: 'report', conversationId, kind, visibility: 'published', readAt: ctx.ports.clock.now(), attempts: 0, notBefore: 0, said: { id, content } })
    changes.reports = true
  }
}

/** What is told of it, or null: its message was taken back, or is not here any more. */
export async function prepareContent(tx: StorageTx, ctx: SyncContext, { conversationId, kind, visibility, readAt }: OutboxReport, { id, content }: { readonly id: MessageId; readonly content: string }): Promise<PreparedReport | null> {
  const stored = await tx.conversations.get(conversationId)
  const row = await tx.messages.byId(conversationId, id)
  const message = row && reportedOf(row, ctx.me)
  if (!stored || !message || !isPublished(kind, await receiptVisibility(tx, ctx, stored))) return null
  const conversation = { id: conversationId, kind: stored.kind }
  const said = progressOfPoints([message.at])
  const scope = ctx.transport.capabilities[kind][stored.kind]
  if (scope === 'none') return null
  // A position moves by itself.
  const told = scope === 'point' ? NO_PROGRESS : said
  const ageMs = Math.max(0, ctx.ports.clock.now() - readAt)
  return { report: { conversation, kind, visibility, ...said, messages: [message], ageMs, content }, covers: told, told, due: told }
}

function requireCarried({ transport: { capabilities } }: SyncContext, { id, kind }: Conversation, receipt: Kind): void {
  const isCarried = capabilities.receiptContent && capabilities[receipt][kind] !== 'none' && (kind === 'direct' || capabilities.groupReceipts !== 'none')
  if (isCarried) return
  throw new ChatError('receipt/contentUnsupported', `The back end of conversation "${id}" carries no content with a receipt, so nobody would get it. Nothing was stored. Call markRead() without content, and send what is to be said as a message.`)
}

/** Whether a receipt of this message is told to anybody but my own devices. */
async function isTold(tx: StorageTx, ctx: SyncContext, conversation: Conversation, message: Message, kind: Kind, changes: Changes): Promise<boolean> {
  const { at } = message
  if (at === null || !isCountable(message, ctx.me)) return false
  if (conversation.kind === 'group' && ctx.transport.capabilities.groupReceipts === 'onRequest' && !message.receiptRequested) return false
  if (!isPublished(kind, await receiptVisibility(tx, ctx, conversation)) || (await isTooLarge(tx, ctx, conversation, changes))) return false
  // Read while receipts were off, for all that is known.
  const floor = (await loadOwn(tx, conversation.id, changes))?.publishFloor ?? null
  return floor === null || comparePoints(at, floor) > 0
}

function invalid(content: unknown): ChatError {
  const what = typeof content === 'string' ? `${content.length} characters long` : 'no text'
  return new ChatError('receipt/contentInvalid', `The content of a receipt is ${what}, and has to be a text of 1 to ${MAX_CONTENT_CHARS} characters. Nothing was stored. Shorten it, or send it as a message.`)
}

function notTold({ conversationId, ids: [id], localId }: Message): ChatError {
  return new ChatError('receipt/contentNotTold', `Nobody is told of a receipt of message "${id ?? localId}" in conversation "${conversationId}": receipts are not public there (or were not, when it came), the group is too large or asks for them, or there is nothing in it for you to read. So nothing can be said with one, and nothing was stored. Call markRead() without content.`)
}
