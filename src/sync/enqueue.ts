/** What the user does with messages: row and outbox entry in one strict transaction, so that it is there after any crash, or not at all. */
import { ChatError, messageKey, type Conversation, type ConversationId, type LocalId, type Message, type MessageBody, type MessageId } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import { messageFault } from '../storage/rows/messageFault.js'
import { createChanges, noteRow, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { requireConversation, saveConversation } from './conversationRows.js'
import { discardActions, retryActions } from './failedActions.js'
import { findSend } from './findSend.js'
import { lastShown } from './lastShown.js'
import { readTarget } from './reading.js'
import { requireRequest } from './requesting.js'

export interface NewMessage {
  readonly localId: LocalId
  readonly body: MessageBody
  readonly receiptRequested?: boolean
  readonly replyTo?: MessageId
  /** The file of the body, uploaded before the message is sent. */
  readonly upload?: Blob
}

/** Stores the local echo and queues it; the draft that it was is gone with the same transaction. @throws ChatError `client/invalidMessage`, `client/unknownConversation`; `receipt/…` when receipts may not be asked for */
export async function enqueueSend(ctx: SyncContext, conversationId: ConversationId, { upload, ...message }: NewMessage): Promise<Changes> {
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    const conversation = await requireConversation(tx, conversationId, 'nothing can be sent to it')
    if (message.receiptRequested) await requireRequest(tx, ctx, conversation)
    const seq = await tx.outbox.add({ lane: 'intent', action: 'send', conversationId, localId: message.localId, from: ctx.me, attempts: 0, notBefore: 0 })
    const row: Message = { ...message, conversationId, from: ctx.me, ids: [], at: null, time: ctx.ports.clock.now(), outgoing: 'sending', echoOrder: seq }
    refuseFaulty(row)
    if (upload) refuseLoose(row)
    await tx.messages.put([row])
    if (upload) await tx.blobs.put(message.localId, conversationId, upload)
    noteRow(changes, row)
    await saveConversation(tx, { ...withoutSent(conversation, row), lastMessage: row, lastActivityAt: Math.max(conversation.lastActivityAt, row.time) }, changes)
    changes.outbox = true
    if (message.replyTo !== undefined) await readTarget(tx, ctx, conversationId, message.replyTo, changes)
    return changes
  }, { durability: 'strict' })
}

/** The storage puts aside what is no message; of what the user wrote it must be told. */
function refuseFaulty(row: Message): void {
  const fault = messageFault(row)
  if (fault !== null) throw new ChatError('client/invalidMessage', `A message was not sent, because its ${fault}. Nothing was stored. Every body needs the fields of its kind, and numbers that are finite: leave out a size or a length that is not known.`)
}

/** It would be uploaded, and its address go nowhere. */
function refuseLoose({ body }: Message): void {
  if ('file' in body) return
  throw new ChatError('client/invalidMessage', 'A message was not sent, because its body has no place for the file that came with it. Nothing was stored. Send a file with a body that has a `file` (image, video, voice, file), and words as a message of their own.')
}

/** What was begun after it, or besides, stays. */
function withoutSent(conversation: Conversation, { body }: Message): Conversation {
  const { draft, ...rest } = conversation
  return draft !== undefined && body.kind === 'text' && draft.trim() === body.text.trim() ? rest : conversation
}

/** Puts a failed message back in the queue, under the same local id, or what failed of an accepted one. A message of which nothing failed stays as it is. */
export async function retrySend(ctx: SyncContext, conversationId: ConversationId, localId: LocalId): Promise<Changes> {
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    if (await retryActions(tx, ctx, conversationId, localId, changes)) return changes
    const entry = await findSend(tx, conversationId, localId)
    const row = await tx.messages.get({ conversationId, from: ctx.me, localId })
    if (!entry?.failed || !row) return changes
    // The wire's own event of it came after the refusal: others have it.
    if (row.outgoing === undefined) {
      await tx.outbox.delete(entry.seq)
      return changes
    }
    const { failed: _failed, wait: _wait, ...again } = entry
    const { failure: _failure, failedAfter: _place, ...kept } = row
    await tx.outbox.put({ ...again, attempts: 0, notBefore: 0 })
    const next: Message = { ...kept, outgoing: 'sending' }
    await tx.messages.put([next])
    noteRow(changes, next)
    changes.outbox = true
    return changes
  }, { durability: 'strict' })
}

/** Takes back a message that the back end has not accepted, or lets go of what failed of an accepted one. @throws ChatError `outbox/accepted` when it has */
export async function discardSend(ctx: SyncContext, conversationId: ConversationId, localId: LocalId): Promise<Changes> {
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    if (await discardActions(tx, ctx, conversationId, localId, changes)) return changes
    const key = { conversationId, from: ctx.me, localId }
    const row = await tx.messages.get(key)
    if (!row) return changes
    if (row.outgoing === undefined) {
      throw new ChatError('outbox/accepted', `Message "${localId}" was accepted by the back end, so it cannot be discarded: others may have it. Recall it instead.`)
    }
    const entry = await findSend(tx, conversationId, localId)
    if (entry) await tx.outbox.delete(entry.seq)
    await tx.blobs.delete(localId)
    await tx.messages.delete([key])
    changes.removed.set(messageKey(key), key)
    changes.outbox = true
    await forgetLast(tx, row, changes)
    return changes
  }, { durability: 'strict' })
}

/** The list shows what was before it, where it stood before. */
async function forgetLast(tx: StorageTx, row: Message, changes: Changes): Promise<void> {
  const conversation = await tx.conversations.get(row.conversationId)
  if (!conversation) return
  const { lastMessage: last, lastActivityAt } = conversation
  const isLast = last !== null && messageKey(last) === messageKey(row)
  const isClaimed = lastActivityAt === row.time
  if (!isLast && !isClaimed) return
  const lastMessage = isLast ? await lastShown(tx, row.conversationId) : last
  await saveConversation(tx, { ...conversation, lastMessage, lastActivityAt: isClaimed ? await lastTime(tx, row.conversationId, lastMessage) : lastActivityAt }, changes)
}

/** What is hidden here has happened all the same. */
async function lastTime(tx: StorageTx, conversationId: ConversationId, shown: Message | null): Promise<number> {
  const rows = [...(await tx.messages.page({ conversationId, limit: 1 })), ...(await tx.messages.echoes(conversationId))]
  return rows.reduce((latest, { time }) => Math.max(latest, time), shown?.time ?? 0)
}
