/**
 * What the user does to a message that the back end has: recall, edit, deletion for all, reaction. Shown at once, in the transaction that queues it.
 * The times of what is not confirmed yet give way to every real one, so that the wire's own event always wins; a refusal takes back what is still as it was put.
 */
import { ChatError, type ConversationId, type Message, type MessageBody, type MessageId } from '../model/index.js'
import type { OutboxAction, StorageTx } from '../storage/index.js'
import { putEdited, withReaction } from './applyEdits.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'

/** One thing done to a message. */
export type Action =
  | { readonly action: 'recall' | 'delete' }
  | { readonly action: 'edit'; readonly body: MessageBody }
  | { readonly action: 'react'; readonly emoji: string; readonly on: boolean }

/** A recall or deletion that is not confirmed: later than any real one, of which the earliest counts. */
export const UNCONFIRMED_AT = Number.MAX_SAFE_INTEGER
/** An edit that is not confirmed: earlier than any real one, of which the latest counts. */
export const UNCONFIRMED_EDIT_AT = 0

/** What the message was like before, as far as the action changes it. */
interface Undo {
  readonly body?: MessageBody
  readonly editedAt?: number
  /** The reaction was there already, or was not. */
  readonly had?: boolean
}

interface Payload {
  readonly done: Action
  readonly undo: Undo
}

/**
 * Shows an action and queues it.
 * @throws ChatError `client/unsupported` when the wire cannot do it, `client/unknownMessage` when the message is not here or not accepted yet
 */
export async function enqueueAction(ctx: SyncContext, conversationId: ConversationId, messageId: MessageId, done: Action): Promise<Changes> {
  refuseUnsupported(ctx, done)
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    const row = await tx.messages.byId(conversationId, messageId)
    if (!row) throw new ChatError('client/unknownMessage', `Message "${messageId}" is not stored in conversation "${conversationId}", so nothing was done to it. Load it first, or check the id.`)
    const payload: Payload = { done, undo: undoOf(row, done, ctx.me) }
    await tx.outbox.add({ lane: 'intent', action: done.action, conversationId, messageId, payload, attempts: 0, notBefore: 0 })
    await putEdited(tx, ctx.me, row, shown(row, done, ctx.me), changes)
    changes.outbox = true
    return changes
  }, { durability: 'strict' })
}

/** Hands an action to the wire. */
export async function runActionOn({ transport }: SyncContext, { conversationId, messageId, payload }: OutboxAction): Promise<void> {
  const { done } = payload as Payload
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

/** The back end refused: what was shown is taken back, unless something else has replaced it meanwhile. */
export async function revertAction(tx: StorageTx, ctx: SyncContext, entry: OutboxAction, changes: Changes): Promise<void> {
  const row = await tx.messages.byId(entry.conversationId, entry.messageId)
  if (row) await putEdited(tx, ctx.me, row, reverted(row, entry.payload as Payload, ctx.me), changes)
}

function refuseUnsupported({ transport: { capabilities } }: SyncContext, { action }: Action): void {
  if (capabilities[action]) return
  throw new ChatError('client/unsupported', `This wire has no "${action}", so nothing was done. Ask client.capabilities before offering it.`)
}

function undoOf(row: Message, done: Action, me: string): Undo {
  if (done.action === 'edit') return { body: row.body, ...(row.editedAt === undefined ? {} : { editedAt: row.editedAt }) }
  return done.action === 'react' ? { had: hasReaction(row, done.emoji, me) } : {}
}

function shown(row: Message, done: Action, me: string): Message {
  switch (done.action) {
    case 'recall':
      return row.recalledAt === undefined ? { ...row, recalledAt: UNCONFIRMED_AT } : row
    case 'delete':
      return row.deletedAt === undefined ? { ...row, deletedAt: UNCONFIRMED_AT } : row
    case 'edit':
      return { ...row, body: done.body, editedAt: row.editedAt ?? UNCONFIRMED_EDIT_AT }
    case 'react':
      return hasReaction(row, done.emoji, me) === done.on ? row : { ...row, reactions: withReaction(row, { emoji: done.emoji, by: me }, done.on) }
  }
}

function reverted(row: Message, { done, undo }: Payload, me: string): Message {
  const { recalledAt, deletedAt, editedAt, ...rest } = row
  switch (done.action) {
    case 'recall':
      return recalledAt === UNCONFIRMED_AT ? without(row, 'recalledAt') : row
    case 'delete':
      return deletedAt === UNCONFIRMED_AT ? without(row, 'deletedAt') : row
    case 'edit': {
      const isAsPut = JSON.stringify(rest.body) === JSON.stringify(done.body) && editedAt === (undo.editedAt ?? UNCONFIRMED_EDIT_AT)
      if (!isAsPut || undo.body === undefined) return row
      const before = { ...row, body: undo.body }
      return undo.editedAt === undefined ? without(before, 'editedAt') : before
    }
    case 'react':
      return undo.had === done.on ? row : { ...row, reactions: withReaction(row, { emoji: done.emoji, by: me }, !done.on) }
  }
}

function hasReaction(row: Message, wanted: string, me: string): boolean {
  return (row.reactions ?? []).some(({ emoji, by }) => emoji === wanted && by === me)
}

function without(row: Message, field: 'recalledAt' | 'deletedAt' | 'editedAt'): Message {
  const { [field]: _gone, ...rest } = row
  return rest
}
