/** What waits to be sent, but whose row in the outbox did not parse: it goes to the end of the line again, as nobody else would ever send it. What cannot be read at all is told. */
import { ChatError, type Message } from '../model/index.js'
import type { NewOutboxEntry, StorageTx } from '../storage/index.js'
import { isCount, isRow, type Row } from '../storage/rows/fields.js'
import { outboxFault } from '../storage/rows/rowFaults.js'
import { createChanges, noteRow, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { isErased } from './erased.js'
import { fallenBack, type Action, type ActionPayload } from './optimistic.js'
import { putEdited } from './putEdited.js'
import { actionsLike } from './queuedActions.js'

/** Names of the meta rows that say for how many rows that were put aside messages, and actions, were looked for. */
const SENT_KEY = 'requeued'
const DONE_KEY = 'redone'
const ACTIONS: readonly unknown[] = ['edit', 'recall', 'delete', 'react'] satisfies Action['action'][]
const AGAIN = { lane: 'intent', attempts: 0, notBefore: 0 } as const
const FAILED_BEFORE = { code: 'outbox/givenUp', message: 'It failed before.' }

/** Messages: what the back end has of them already is here by then. Null: nothing was to be done. */
export function requeueTorn(ctx: SyncContext): Promise<Changes | null> {
  // What waits in the outbox is not put there again, so that all may be looked at.
  return ofNewlyTorn(ctx, SENT_KEY, () => 0, async (tx, _, changes) => {
    for (const row of await strays(tx)) await sendAgain(tx, row, changes)
  })
}

/** Actions, before what was done after them is sent. Null: nothing was to be done. */
export async function redoTorn(ctx: SyncContext): Promise<Changes | null> {
  let lost = 0
  // Done twice, an edit would undo a later one.
  const changes = await ofNewlyTorn(ctx, DONE_KEY, (all) => all, async (tx, torn, collected) => {
    lost = 0
    for (const row of torn) if (isRow(row) && ACTIONS.includes(row['action']) && !(await doAgain(tx, ctx, row, collected))) lost += 1
  })
  if (lost > 0) ctx.onError(tornError(lost))
  return changes
}

/** Looks only where a row of the outbox was put aside. @param lookedAt - for how many of them it was, where the row that says so is torn itself */
async function ofNewlyTorn(ctx: SyncContext, key: string, lookedAt: (all: number) => number, again: (tx: StorageTx, torn: readonly unknown[], changes: Changes) => Promise<void>): Promise<Changes | null> {
  // What a read meets that does not parse is put aside before the next write.
  await ctx.storage.read((tx) => tx.outbox.list())
  return ctx.storage.write(async (tx) => {
    const torn = (await tx.quarantine.list()).filter(({ table }) => table === 'outbox')
    const stored = await tx.meta.get<unknown>(key)
    const noted = stored === undefined ? 0 : stored
    const before = isCount(noted) && (noted as number) <= torn.length ? (noted as number) : lookedAt(torn.length)
    if (before !== noted) await tx.meta.put(key, before)
    if (torn.length <= before) return null
    const changes = createChanges()
    changes.outbox = true
    await again(tx, torn.slice(before).map(({ row }) => row), changes)
    await tx.meta.put(key, torn.length)
    return changes
  })
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
