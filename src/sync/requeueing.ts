/** What waits to be sent, but whose row in the outbox did not parse: it goes to the end of the line again, as nobody else would ever send it. What cannot be read at all is told. */
import { ChatError, type Message } from '../model/index.js'
import type { NewOutboxEntry, StorageTx } from '../storage/index.js'
import { isRow, type Row } from '../storage/rows/fields.js'
import { outboxFault } from '../storage/rows/rowFaults.js'
import { createChanges, noteRow, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { isErased } from './erased.js'
import { fallenBack, type Action, type ActionPayload } from './optimistic.js'
import { putEdited } from './putEdited.js'
import { actionsLike } from './queuedActions.js'

/** Name of the meta row that says of how many rows that were put aside this was done. */
const DONE_KEY = 'requeued'
const ACTIONS: readonly unknown[] = ['edit', 'recall', 'delete', 'react'] satisfies Action['action'][]
const AGAIN = { lane: 'intent', attempts: 0, notBefore: 0 } as const
const FAILED_BEFORE = { code: 'outbox/givenUp', message: 'It failed before.' }

/** Looks only where a row of the outbox was put aside. Null: nothing was to be done. */
export async function requeueTorn(ctx: SyncContext): Promise<Changes | null> {
  // What a read meets that does not parse is put aside before the next write.
  await ctx.storage.read((tx) => tx.outbox.list())
  const { changes, lost } = await ctx.storage.write(async (tx) => {
    const torn = (await tx.quarantine.list()).filter(({ table }) => table === 'outbox')
    const done = (await tx.meta.get<number>(DONE_KEY)) ?? 0
    if (torn.length <= done) return { changes: null, lost: 0 }
    const collected = createChanges()
    collected.outbox = true
    for (const row of await strays(tx)) await sendAgain(tx, row, collected)
    let unread = 0
    for (const { row } of torn.slice(done)) if (isRow(row) && ACTIONS.includes(row['action']) && !(await doAgain(tx, ctx, row, collected))) unread += 1
    await tx.meta.put(DONE_KEY, torn.length)
    return { changes: collected, lost: unread }
  })
  if (lost > 0) ctx.onError(tornError(lost))
  return changes
}

async function sendAgain(tx: StorageTx, row: Message, changes: Changes): Promise<void> {
  const { conversationId, localId, from } = row
  const failed = row.outgoing === 'failed' ? { failed: row.failure ?? FAILED_BEFORE } : {}
  const next: Message = { ...row, echoOrder: await tx.outbox.add({ ...AGAIN, action: 'send', conversationId, localId, from, ...failed }) }
  await tx.messages.put([next])
  noteRow(changes, next)
}

async function strays(tx: StorageTx): Promise<readonly Message[]> {
  const queued = new Set((await tx.outbox.list({ lane: 'intent' })).flatMap((entry) => (entry.action === 'send' ? [entry.localId] : [])))
  const found: Message[] = []
  for (const { id } of await tx.conversations.list()) found.push(...(await tx.messages.echoes(id)).filter(({ outgoing, localId }) => outgoing !== undefined && !queued.has(localId)))
  return found
}

/** Returns false where it does not say what was to be done: then the message is as the back end has it, as far as that is known. */
async function doAgain(tx: StorageTx, ctx: SyncContext, { action, conversationId, messageId, payload, failed }: Row, changes: Changes): Promise<boolean> {
  const message = typeof conversationId === 'string' && typeof messageId === 'string' ? await tx.messages.byId(conversationId, messageId) : undefined
  // Deleted for good: there is nothing to do it to.
  if (message && isErased(message)) return true
  const entry = { ...AGAIN, action, conversationId, messageId, payload, ...(failed === undefined ? {} : { failed: FAILED_BEFORE }) } as NewOutboxEntry
  if (outboxFault({ ...entry, seq: 0 }) === null) {
    // What was done after it, and still waits, counts.
    if (!message || (await actionsLike(tx, message, (payload as ActionPayload).done)).length === 0) await tx.outbox.add(entry)
    return true
  }
  if (message && (action === 'recall' || action === 'delete')) await putEdited(tx, ctx.me, message, fallenBack(message, { done: { action }, undo: {} }, ctx.me), changes)
  return false
}

function tornError(count: number): ChatError {
  return new ChatError('outbox/torn', `${count} of the edits, recalls, deletions or reactions that waited to be sent could not be read from the database any more, so they were not sent. Messages that seemed recalled or deleted are shown again; an edit or a reaction may show on this device alone. Do it again.`)
}
