/** The errors of a storage. Each says what happened, what became of the rows, and what to do. */
import { ChatError } from '../model/index.js'

export function closedError(): ChatError {
  return new ChatError('storage/closed', 'The storage is not open, so nothing was read or written. Call open(userId) first, and do not use it after close().')
}

export function timeoutError(mode: 'read' | 'write', ms: number): ChatError {
  return new ChatError(
    'storage/timeout',
    `A ${mode} did not finish within ${ms} ms and was given up. Another tab may hold the database while it is frozen or busy. Try again, or ask for the other tabs to be closed.`,
    { retryable: true },
  )
}

export function readOnlyError(): ChatError {
  return new ChatError('storage/readOnly', 'The database was written by a newer version of this app, so this older one only reads it; nothing was written. Reload the page to get the newer version.')
}

/** A write inside `read()`, or a call on a transaction that has ended. */
export function misuseError(what: string, cause?: unknown): ChatError {
  return new ChatError('storage/misuse', `${what} Nothing more of this transaction is kept. Await only calls of the \`tx\` that was handed in, before the function returns, and write only within write().`, { cause })
}

/** A function, a DOM node or the like inside a row. */
export function unstorableError(cause: unknown): ChatError {
  return new ChatError('storage/unstorable', 'A row holds something that cannot be stored, such as a function, so nothing of this transaction was kept. Put plain data into messages and metadata.', { cause })
}

export function fullError(cause: unknown): ChatError {
  return new ChatError('storage/full', 'The browser gives this site no more room, so nothing of this transaction was kept. It will work again once there is room: delete some data of this site, or free space on the device.', { retryable: true, cause })
}

export function lostError(cause: unknown): ChatError {
  return new ChatError('storage/lost', 'The connection to the database was lost twice in a row, so nothing of this transaction was kept. A new connection is being made; try again.', { retryable: true, cause })
}

export function failedError(cause: unknown): ChatError {
  const name = cause instanceof Error ? cause.name : 'unknown error'
  return new ChatError('storage/failed', `The database refused a transaction (${name}), so nothing of it was kept. The cause is attached.`, { cause })
}

export function wipeBlockedError(ms: number): ChatError {
  return new ChatError('storage/blocked', `The database could not be deleted within ${ms} ms because another tab holds it open. It will be deleted when that tab is closed; close the other tabs of this site.`, { retryable: true })
}

/** An outbox entry is made by the kit itself: one that does not parse is a fault in the program and must not be kept. */
export function refuseFaulty(reason: string | null): void {
  if (reason !== null) throw new ChatError('storage/invalid', `An outbox entry was refused because its ${reason}, so nothing of this transaction was kept. Entries need the fields of OutboxSend, OutboxAction or OutboxReport.`)
}
