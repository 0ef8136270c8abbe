/**
 * The first of the two steps of a message with a file: puts the file where the app keeps them, and its address into the message. The second is the send.
 * Each step is stored when it is done, so that a reload goes on with the next one. A file whose upload was done but not noted is uploaded again.
 */
import { askedMs } from '../model/backoff.js'
import { ChatError, type Attachment, type LocalId, type Message } from '../model/index.js'
import type { OutboxSend } from '../storage/index.js'
import { isFile } from '../storage/rows/messageFault.js'
import { withEntry, withoutEntry } from '../store/chatStore.js'
import { TransportError } from '../transport/index.js'
import { createChanges, noteRow, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { noUploads } from './noUploads.js'
import { storeFailed, type Outcome } from './sending.js'

/** Failures without a reason that says more, before the message is shown as failed. */
const MOST_TRIES = 4
/** So long before the last of them, milliseconds: a wire that has not noticed yet that there is no network has by then. */
const LAST_TRY_AFTER_MS = 60_000

/**
 * Null: there is nothing to upload (any more), and the message may be sent.
 * @param unnoted - where files are whose upload was done, while the database does not take it: on a full disk they would be uploaded again and again
 */
export async function runUpload(ctx: SyncContext, entry: OutboxSend, signal: AbortSignal, unnoted: Map<LocalId, Attachment> = new Map()): Promise<Outcome | null> {
  let isOver = false
  try {
    const file = await ctx.storage.read((tx) => tx.blobs.get(entry.localId)).catch(orUnreadable)
    if (!file) return null
    if (!ctx.upload) throw noUploads()
    // Who tells of progress may do so late.
    const onProgress = (fraction: number) => isOver || showProgress(ctx, entry, fraction)
    const stored = unnoted.get(entry.localId) ?? checkStored(await untilAborted(signal, ctx.upload(file, { signal, onProgress })))
    unnoted.set(entry.localId, stored)
    const changes = await storeUploaded(ctx, entry, stored)
    unnoted.delete(entry.localId)
    return { done: true, changes }
  } catch (cause) {
    if (cause instanceof ChatError && cause.code.startsWith('storage/')) throw cause
    return failedOrAgain(ctx, entry, cause, signal)
  } finally {
    isOver = true
    ctx.store.setState(({ uploads }) => ({ uploads: withoutEntry(uploads, entry.localId) }))
  }
}

/** A file that the database has, but cannot give any more, holds up nothing for ever; any other trouble passes. */
function orUnreadable(cause: unknown): never {
  if (!(cause instanceof ChatError) || cause.code !== 'storage/failed') throw cause
  throw new TransportError('transport/uploadFailed', 'The file of a message cannot be read from the database any more, so the message was not sent. It is tried again a few times, then shown as failed: discard it, and attach the file again. See the cause.', { stored: 'no', retry: 'yes', cause })
}

/** Who uploads may not hear of the end of it; nobody waits for it any more then. */
function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new TransportError('transport/aborted', 'The upload of a file was given up.', { stored: 'maybe', retry: 'yes' }))
    signal.addEventListener('abort', giveUp, { once: true })
    Promise.resolve(work).then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp))
    if (signal.aborted) giveUp()
  })
}

/** What says of no place has put the file nowhere, and the only copy of it is here. */
function checkStored(stored: Attachment): Attachment {
  if (isFile(stored) && (stored.url !== undefined || stored.ref !== undefined)) return stored
  throw new TransportError('transport/uploadFailed', 'The upload of a file resolved without saying where it is, so the message was not sent. It is tried again a few times, then shown as failed. Resolve with { url } or { ref }.', { stored: 'no', retry: 'yes' })
}

function showProgress({ store }: SyncContext, { localId }: OutboxSend, fraction: number): void {
  store.setState(({ uploads }) => ({ uploads: withEntry(uploads, localId, Math.min(1, Math.max(0, Number(fraction) || 0))) }))
}

async function storeUploaded(ctx: SyncContext, { conversationId, from, localId }: OutboxSend, stored: Attachment): Promise<Changes> {
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    await tx.blobs.delete(localId)
    const row = await tx.messages.get({ conversationId, from, localId })
    if (!row || !('file' in row.body)) return changes
    const next: Message = { ...row, body: { ...row.body, file: { ...row.body.file, ...stored } } }
    await tx.messages.put([next])
    noteRow(changes, next)
    return changes
  })
}

async function failedOrAgain(ctx: SyncContext, entry: OutboxSend, cause: unknown, signal: AbortSignal): Promise<Outcome> {
  const error = uploadError(cause)
  const isFinal = error.stored === 'no' && error.retry === 'no'
  // Given up here, by a discard or because another tab leads, without a network, or too early: that is no failed try.
  if (signal.aborted || (!isFinal && !isConnected(ctx))) return { done: false, error }
  // A place for files that is not the wire says nothing of the wire: only what stands behind the file waits.
  if (!isFinal && isAskedToWait(error)) return { done: false, error: ctx.transport.capabilities.upload ? error : waiting(error, askedMs(error.retry)) }
  const attempts = entry.attempts + 1
  if (isFinal || attempts >= MOST_TRIES) return { done: true, changes: await storeFailed(ctx, entry, error) }
  await ctx.storage.write(async (tx) => {
    if (await tx.outbox.get(entry.seq)) await tx.outbox.put({ ...entry, attempts })
  })
  return { done: false, error: attempts === MOST_TRIES - 1 && !isUnreadable(error) ? waiting(error, LAST_TRY_AFTER_MS) : error }
}

/** What the browser says of it is not enough: it knows of a network card, not of what is behind it. */
function isConnected({ ports, store }: SyncContext): boolean {
  return ports.connectivity.isOnline() && store.getState().connection.status === 'online'
}

/** Nothing that a network could bring back. */
function isUnreadable({ cause }: TransportError): boolean {
  return cause instanceof ChatError && cause.code === 'storage/failed'
}

function isAskedToWait({ code, retry }: TransportError): boolean {
  return code === 'transport/rateLimited' || typeof retry === 'object'
}

function waiting({ message, stored, cause }: TransportError, afterMs: number): TransportError {
  return new TransportError('transport/uploadFailed', message, { stored, retry: { afterMs }, cause })
}

function uploadError(cause: unknown): TransportError {
  if (cause instanceof TransportError) return cause
  const retry = cause instanceof ChatError && !cause.retryable ? 'no' : 'yes'
  return new TransportError('transport/uploadFailed', 'The file of a message could not be uploaded, so the message was not sent. It is tried again a few times, then shown as failed; retry() starts over. See the cause.', { stored: 'no', retry, cause })
}
