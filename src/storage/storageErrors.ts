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
