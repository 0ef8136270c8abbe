/** What the user does to a message that the back end has: recall, edit, deletion for all, reaction. Shown at once, in the transaction that queues it. */
import { ChatError, type ConversationId, type Message, type MessageId } from '../model/index.js'
import { wireIdOf } from '../model/wireIdOf.js'
import type { OutboxAction, StorageTx } from '../storage/index.js'
import { createChanges, noteRow, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { isErased } from './erased.js'
import { shown, undoOf, type Action, type ActionPayload } from './optimistic.js'
import { putEdited } from './putEdited.js'
import { actionsLike, payloadOf, withFailureLeft } from './queuedActions.js'
import { readTarget } from './reading.js'

/**
 * Shows an action and queues it. What is done to a message that was deleted for good is let go, as what waited to be done to it was.
 * @throws ChatError `client/unsupported` when the wire cannot do it, `client/unknownMessage` when the message is not here or not accepted yet
 */
export async function enqueueAction(ctx: SyncContext, conversationId: ConversationId, messageId: MessageId, done: Action): Promise<Changes> {
  refuseUnsupported(ctx, done)
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    const row = await tx.messages.byId(conversationId, messageId)
    if (!row) throw new ChatError('client/unknownMessage', `Message "${messageId}" is not stored in conversation "${conversationId}", so nothing was done to it. Load it first, or check the id.`)
    if (isErased(row)) {
      // This tab has not heard of it: now it shows that.
      noteRow(changes, row)
      return changes
    }
    await queueAction(tx, ctx, row, messageId, done, changes)
    if (done.action === 'react' && done.on) await readTarget(tx, ctx, conversationId, messageId, changes)
    return changes
  }, { durability: 'strict' })
}

/** At the end of the queue. What was given up before of the same message and kind is overtaken by it. */
export async function queueAction(tx: StorageTx, ctx: SyncContext, row: Message, messageId: MessageId, done: Action, changes: Changes): Promise<void> {
  for (const { seq } of await actionsLike(tx, row, done, true)) await tx.outbox.delete(seq)
  const payload: ActionPayload = { done, undo: undoOf(row, done, ctx.me) }
  await tx.outbox.add({ lane: 'intent', action: done.action, conversationId: row.conversationId, messageId, payload, attempts: 0, notBefore: 0 })
  await putEdited(tx, ctx.me, row, shown(await withFailureLeft(tx, row), done, ctx.me), changes)
  changes.outbox = true
}

/** Hands an action to the wire. */
export async function runActionOn({ transport, storage }: SyncContext, entry: OutboxAction): Promise<void> {
  const { conversationId } = entry
  const messageId = await storage.read((tx) => currentId(tx, conversationId, entry.messageId))
  const { done } = payloadOf(entry)
  switch (done.action) {
    case 'recall':
      return transport.recall?.(conversationId, messageId)
    case 'delete':
      return transport.delete?.(conversationId, messageId)
    case 'edit':
      return transport.edit?.(conversationId, messageId, done.body)
    case 'react':
      return transport.react?.(conversationId, messageId, done.emoji, done.on)
  }
}

/** What the wire calls a message that is known here by this id. */
export async function currentId(tx: StorageTx, id: ConversationId, messageId: MessageId): Promise<MessageId> {
  const row = await tx.messages.byId(id, messageId)
  return (row && wireIdOf(row, messageId)) ?? messageId
}

function refuseUnsupported({ transport: { capabilities } }: SyncContext, { action }: Action): void {
  if (capabilities[action]) return
  throw new ChatError('client/unsupported', `This wire has no "${action}", so nothing was done. Ask client.capabilities before offering it.`)
}
