import { ChatError } from '../model/index.js'
import type * as Sync from '../sync/engine.js'

let loaded: typeof Sync | null = null

/** Loads, once a page, everything that works on the database and the wire. @throws ChatError `client/notLoaded`, retryable */
export async function loadEngine(): Promise<typeof Sync> {
  try {
    return (loaded ??= await import('../sync/engine.js'))
  } catch (cause) {
    throw notLoaded(cause)
  }
}

function notLoaded(cause: unknown): ChatError {
  return new ChatError('client/notLoaded', 'The part of the client that works on the database and the wire could not be loaded, so nothing is shown or sent yet. It is tried again. If it stays so, check that all files of the app are served, also those loaded later.', { retryable: true, cause })
}
