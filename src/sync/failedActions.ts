/**
 * Actions that were tried long enough: the message is shown as the back end has it, with what failed noted on it, and the entry waits for the user,
 * who tries again or lets it go. What the back end refuses for good is not kept: it would be refused again.
 */
import type { ConversationId, LocalId, Message, SendFailure } from '../model/index.js'
import type { OutboxAction, StorageTx } from '../storage/index.js'
import type { TransportError } from '../transport/index.js'
import { queueAction } from './actions.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import type { ActionPayload } from './optimistic.js'
import { putEdited } from './putEdited.js'
import { actionsOn, payloadOf, settleAction } from './queuedActions.js'

/** Tries of an action that the back end answered with trouble, or not at all, before it is given up: one to two minutes of quick refusals, some six of silence. A message waits for as long as it takes. */
export const MOST_ACTION_TRIES = 12

/** Notes that a try failed. Returns what changed when it was the last, else null. */
export async function countActionTry(ctx: SyncContext, entry: OutboxAction, error: TransportError): Promise<Changes | null> {
  if (isNoTry(error)) return null
  if (entry.attempts + 1 >= MOST_ACTION_TRIES) return giveUpAction(ctx, entry)
  await ctx.storage.write(async (tx) => {
    const stored = await tx.outbox.get(entry.seq)
    if (stored) await tx.outbox.put({ ...stored, attempts: entry.attempts + 1 })
  })
  return null
}

/** The line was gone, or the back end asked for patience: that says nothing of the action. */
function isNoTry({ code, retry }: TransportError): boolean {
  return code === 'transport/offline' || code === 'transport/aborted' || code === 'transport/rateLimited' || typeof retry === 'object'
}

async function giveUpAction(ctx: SyncContext, entry: OutboxAction): Promise<Changes> {
  const { action } = payloadOf(entry).done
  const failure: SendFailure = {
    code: 'outbox/givenUp', action,
    message: `The back end did not take the "${action}" of a message in ${MOST_ACTION_TRIES} tries, so the message is shown as the back end has it. Try again, or discard it.`,
  }
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    changes.outbox = true
    const row = await settleAction(tx, ctx, entry, false, changes)
    // Deleted for me meanwhile: nobody could see what failed of it.
    if (!row || row.hidden) return changes
    const { seq: _seq, ...kept } = entry
    await tx.outbox.add({ ...kept, attempts: MOST_ACTION_TRIES, failed: { code: failure.code, message: failure.message } })
    await putFailure(tx, ctx, row, failure, changes)
    return changes
  })
}

/** Does again what failed of a message, after everything that is queued. Returns whether there was anything. */
export async function retryActions(tx: StorageTx, ctx: SyncContext, conversationId: ConversationId, localId: LocalId, changes: Changes): Promise<boolean> {
  const failed = await failedOn(tx, conversationId, localId)
  if (!failed) return false
  let { row } = failed
  for (const { seq, messageId, payload } of failed.entries) {
    await tx.outbox.delete(seq)
    await queueAction(tx, ctx, row, messageId, (payload as ActionPayload).done, changes)
    row = (await tx.messages.get(row)) ?? row
  }
  await putFailure(tx, ctx, row, null, changes)
  return true
}

/** Lets go of what failed of a message. Returns whether there was anything. */
export async function discardActions(tx: StorageTx, ctx: SyncContext, conversationId: ConversationId, localId: LocalId, changes: Changes): Promise<boolean> {
  const failed = await failedOn(tx, conversationId, localId)
  if (!failed) return false
  for (const { seq } of failed.entries) await tx.outbox.delete(seq)
  await putFailure(tx, ctx, failed.row, null, changes)
  changes.outbox = true
  return true
}

async function putFailure(tx: StorageTx, ctx: SyncContext, row: Message, failure: SendFailure | null, changes: Changes): Promise<void> {
  const { failure: before, ...whole } = row
  if (failure ?? before) await putEdited(tx, ctx.me, row, failure ? { ...whole, failure } : whole, changes)
}

/** The message may be anybody's: a reaction of mine to it failed. */
async function failedOn(tx: StorageTx, conversationId: ConversationId, localId: LocalId): Promise<{ readonly row: Message; readonly entries: readonly OutboxAction[] } | null> {
  for (const entry of await tx.outbox.list({ conversationId, lane: 'intent' })) {
    if (!entry.failed || entry.lane !== 'intent' || entry.action === 'send') continue
    const row = await tx.messages.byId(conversationId, entry.messageId)
    if (row?.localId === localId) return { row, entries: (await actionsOn(tx, row)).filter(({ failed }) => failed) }
  }
  return null
}
