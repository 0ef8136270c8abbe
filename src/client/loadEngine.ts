import { ChatError } from '../model/index.js'
import type * as Loaded from './engine.js'

let loaded: typeof Loaded | null = null

/** Loads, once a page, everything that works on the database and the wire. @throws ChatError `client/notLoaded`, retryable */
export async function loadEngine(): Promise<typeof Loaded> {
  try {
    return (loaded ??= await import('./engine.js'))
  } catch (cause) {
    throw notLoaded(cause)
  }
}

function notLoaded(cause: unknown): ChatError {
  return new ChatError('client/notLoaded', 'What works on the database and the wire could not be loaded, so nothing is shown or sent yet. It is tried again. Check that all files of the app are served.', { retryable: true, cause })
}
