/** One outbox entry of the `intent` lane: hands it to the wire and stores what came of it. */
import { ChatError, isPoint, localIdFor, maxPoint, messageKey, type Message } from '../model/index.js'
import { placesOf } from '../model/placesOf.js'
import type { OutboxAction, OutboxSend, StorageTx } from '../storage/index.js'
import { TransportError, type Accepted, type Draft } from '../transport/index.js'
import { currentId, runActionOn } from './actions.js'
import { applyEdit, type EditEvent } from './applyEdits.js'
import { applyHeld, receiptRules } from './applyReceipts.js'
import { createChanges, noteRow, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { loadConversation, saveConversation } from './conversationRows.js'
import type { EarlyEdits } from './earlyEdits.js'
import { countActionTry } from './failedActions.js'
import { noteLateRows } from './lateRows.js'
import { activityAfter, laterMessage, rowAccepted } from './messageRows.js'
import { applyPlaced } from './namelessReceipts.js'
import { settleAction } from './queuedActions.js'
import { isMoment } from './receiptShape.js'
import { queueRipeReports } from './ripeReports.js'
import { noteAnswerFirst } from './overtaking.js'
import type { Unasked } from './unasked.js'
import { noteUntimed } from './serverTime.js'
import { noteAnswered } from './sentPlaces.js'
import { overtakesReplay } from './surePlace.js'

/** What became of an entry: gone from the outbox, or to be tried again after a while. */
export type Outcome = { readonly done: true; readonly changes: Changes } | { readonly done: false; readonly error: TransportError }

export interface SendOptions {
  /** What has come already of messages that are not known by their id. */
  readonly early?: EarlyEdits
  /** Where nobody has asked yet what was missed. */
  readonly unasked?: Unasked
}

/** Sends what a queued message says now; the local id is the same however often it is tried. */
export async function runSend(ctx: SyncContext, entry: OutboxSend, signal: AbortSignal, options: SendOptions = {}): Promise<Outcome> {
  const loaded = await ctx.storage.read((tx) => loadDraft(tx, entry))
  if (loaded === null) return { done: true, changes: await finish(ctx, entry) }
  try {
    refuseLost(loaded.draft)
    const accepted = checkAccepted(await ctx.transport.send(loaded.draft, signal))
    return { done: true, changes: await storeAccepted(ctx, entry, loaded.row, accepted, options) }
  } catch (cause) {
    return refusedOrAgain(ctx, entry, cause)
  }
}

/** Recalls, edits, deletions and reactions. @param limited - runs a call that may never settle, and rejects with a TransportError when it does not */
export async function runAction(ctx: SyncContext, entry: OutboxAction, limited: (call: () => Promise<void>) => Promise<void>): Promise<Outcome> {
  try {
    await limited(() => runActionOn(ctx, entry))
    return { done: true, changes: await settle(ctx, entry, true) }
  } catch (cause) {
    if (cause instanceof ChatError && cause.code.startsWith('storage/')) throw cause
    return refusedOrCounted(ctx, entry, asTransportError(cause))
  }
}

/** An action that is refused for good leaves the queue, and its message is as the back end has it; the app is told why. */
async function refusedOrCounted(ctx: SyncContext, entry: OutboxAction, error: TransportError): Promise<Outcome> {
  if (error.stored === 'no' && error.retry === 'no') {
    const changes = await settle(ctx, entry, false)
    ctx.onError(error)
    return { done: true, changes }
  }
  const changes = await countActionTry(ctx, entry, error)
  return changes ? { done: true, changes } : { done: false, error }
}

/** Whatever a transport rejects with, as the one error that says whether to try again. Something unknown may have been stored. */
export function asTransportError(cause: unknown): TransportError {
  if (cause instanceof TransportError) return cause
  return new TransportError('transport/unknown', 'The transport failed with something that is not a TransportError, so it is not known whether the message was stored. It will be sent again with the same local id. Reject with TransportError to say more.', { stored: 'maybe', retry: 'yes', cause })
}

async function loadDraft(tx: StorageTx, { conversationId, from, localId }: OutboxSend): Promise<{ readonly draft: Draft; readonly row: Message } | null> {
  const row = await tx.messages.get({ conversationId, from, localId })
  const conversation = await tx.conversations.get(conversationId)
  // The wire's own event may have been faster than its answer.
  if (!row || row.ids.length > 0) return null
  const draft = {
    localId,
    conversation: { id: conversationId, kind: conversation?.kind ?? 'group' },
    body: row.body,
    ...(row.receiptRequested ? { receiptRequested: true } : {}),
    ...(row.replyTo === undefined ? {} : { replyTo: await currentId(tx, conversationId, row.replyTo) }),
  }
  return { draft, row }
}

/** Who gets a file that is nowhere gets nothing. Its only copy was here, and is no more: a row that was torn. */
function refuseLost({ body }: Draft): void {
  if (!('file' in body) || body.file.url !== undefined || body.file.ref !== undefined) return
  throw new TransportError('transport/uploadFailed', 'The file of a message is neither here nor anywhere else (its body has no url and no ref), so the message was not sent. Discard it, and attach the file again.', { stored: 'no', retry: 'no' })
}

/** A place or a time that is none is left out: the message was taken all the same, and its own event will say. */
function checkAccepted(accepted: Accepted): Accepted {
  if (typeof accepted?.id === 'string' && accepted.id !== '') {
    const { localId, id, at, time } = accepted
    return { localId, id, ...(isPoint(at) ? { at } : {}), ...(isMoment(time) ? { time } : {}) }
  }
  throw new TransportError('transport/badAnswer', 'The transport resolved send() without an id, so the message cannot be found again. It will be sent again with the same local id. Resolve with { localId, id }.', { stored: 'maybe', retry: 'yes' })
}

/** @param sent - the row as it was sent: taken back while it was on its way, it comes back, as others have it now */
async function storeAccepted(ctx: SyncContext, entry: OutboxSend, sent: Message, accepted: Accepted, { early, unasked }: SendOptions): Promise<Changes> {
  let ripe: readonly EditEvent[] = []
  const stored = await ctx.storage.write(async (tx) => {
    const changes = createChanges()
    changes.outbox = true
    await tx.outbox.delete(entry.seq)
    const echo = (await tx.messages.get(entry)) ?? sent
    const row = await withNameless(tx, echo, accepted, changes)
    const next = rowAccepted(row, accepted)
    if (row.at === null && unasked) await noteAnswerFirst(tx, ctx, unasked, entry.conversationId, changes)
    if (row.at === null && next.at) await noteAnswered(tx, entry.conversationId, next.at, ctx.transport.capabilities.dense)
    if (row.at === null && next.at && (accepted.time === undefined || overtakesReplay(ctx))) await noteUntimed(tx, entry.conversationId, next.at)
    await tx.messages.put([next])
    await noteLateRows(tx, ctx, [next], changes)
    noteRow(changes, next)
    const conversation = await loadConversation(tx, entry.conversationId, changes)
    const lastMessage = laterMessage(conversation.lastMessage?.ids.includes(accepted.id) ? null : conversation.lastMessage, next)
    await saveConversation(tx, { ...conversation, head: placesOf(next).reduce(maxPoint, conversation.head), lastMessage, lastActivityAt: activityAfter(conversation.lastActivityAt, echo, lastMessage) }, changes)
    // Somebody may have been faster to read it, to react to it or to take it back than the wire was to answer.
    await early?.load(tx)
    ripe = early?.waitingFor([next]) ?? []
    for (const event of ripe) await applyEdit(tx, ctx.me, event, changes)
    await early?.keep(tx, ripe, [])
    await applyPlaced(tx, receiptRules(ctx), [next], changes)
    await applyHeld(tx, receiptRules(ctx), entry.conversationId, changes)
    // Its number was missing, and a position may have waited before it.
    await queueRipeReports(tx, ctx, changes)
    return changes
  })
  early?.forget(ripe)
  return stored
}

/** Where a wire carries no local id, its own event may have been faster than its answer, and has made a row of its own: both are one, under the key that is on screen. */
async function withNameless(tx: StorageTx, echo: Message, { id }: Accepted, changes: Changes): Promise<Message> {
  const other = echo.at === null ? await tx.messages.byId(echo.conversationId, id) : undefined
  if (!other || other.from !== echo.from || other.localId === echo.localId || other.localId !== localIdFor(id)) return echo
  await tx.messages.delete([other])
  changes.removed.set(messageKey(other), other)
  return { ...echo, ...other, localId: echo.localId }
}

async function finish(ctx: SyncContext, entry: OutboxSend): Promise<Changes> {
  const isTorn = await ctx.storage.write(async (tx) => {
    const queued = await tx.outbox.get(entry.seq)
    await tx.outbox.delete(entry.seq)
    // Who takes a message back takes both.
    return queued !== undefined && (await tx.messages.get(entry)) === undefined
  })
  if (isTorn) ctx.onError(new ChatError('outbox/torn', 'A message that waited to be sent could not be read from the database any more, so it was not sent, and is not shown. Write it again.'))
  return { ...createChanges(), outbox: true }
}

async function refusedOrAgain(ctx: SyncContext, entry: OutboxSend, cause: unknown): Promise<Outcome> {
  // A database that failed after the wire took the message: the same entry again; the wire knows its local id.
  if (cause instanceof ChatError && cause.code.startsWith('storage/')) throw cause
  const error = asTransportError(cause)
  if (error.stored !== 'no' || error.retry !== 'no') return { done: false, error }
  return { done: true, changes: await storeFailed(ctx, entry, error) }
}

async function settle(ctx: SyncContext, entry: OutboxAction, isTaken: boolean): Promise<Changes> {
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    changes.outbox = true
    const row = await settleAction(tx, ctx, entry, isTaken, changes)
    // It may be refused because the message was lost.
    if (row && !isTaken) await noteLateRows(tx, ctx, [row], changes)
    return changes
  })
}

export async function storeFailed(ctx: SyncContext, entry: OutboxSend, error: TransportError): Promise<Changes> {
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    changes.outbox = true
    const failed = { code: error.code, message: error.message }
    // Taken back while it was under way.
    if (!(await tx.outbox.get(entry.seq))) return changes
    const row = await tx.messages.get(entry)
    // Everybody has it, as its own event has told meanwhile: an earlier try was taken, and only its answer was lost.
    if (row && row.ids.length > 0) {
      await tx.outbox.delete(entry.seq)
      return changes
    }
    await tx.outbox.put({ ...entry, attempts: entry.attempts + 1, failed })
    if (!row) return changes
    const [newest] = await tx.messages.page({ conversationId: entry.conversationId, limit: 1 })
    const next: Message = { ...row, outgoing: 'failed', failure: failed, failedAfter: newest?.at ?? null }
    await tx.messages.put([next])
    noteRow(changes, next)
    return changes
  })
}
