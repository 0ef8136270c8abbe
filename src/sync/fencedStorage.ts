import { ChatError } from '../model/index.js'
import type { ChatStorage, StorageTx } from '../storage/index.js'

/**
 * The same storage for work that only the leading tab may do: every transaction checks first, within itself, that it still leads.
 *
 * @param check - throws `outbox/notLeading` when it does not
 * @param onRefused - told after each refusal
 */
export function fencedStorage(storage: ChatStorage, check: (tx: StorageTx) => Promise<unknown>, onRefused: () => void): ChatStorage {
  async function guarded<T>(run: (fenced: (fn: (tx: StorageTx) => Promise<T>) => (tx: StorageTx) => Promise<T>) => Promise<T>): Promise<T> {
    try {
      return await run((fn) => async (tx) => {
        await check(tx)
        return fn(tx)
      })
    } catch (error) {
      if (error instanceof ChatError && error.code === 'outbox/notLeading') onRefused()
      throw error
    }
  }
  return {
    get name() {
      return storage.name
    },
    open: (userId) => storage.open(userId),
    getState: () => storage.getState(),
    subscribe: (listener) => storage.subscribe(listener),
    read: (fn) => guarded((fenced) => storage.read(fenced(fn))),
    write: (fn, options) => guarded((fenced) => storage.write(fenced(fn), options)),
    close: () => storage.close(),
    wipe: () => storage.wipe(),
  }
}

/** The same storage for who leads alone: no lease tells that they have ended, and what comes late would be written into the rows of whoever opened it since. */
export function untilOver(storage: ChatStorage, isOver: () => boolean): ChatStorage {
  const check = async () => {
    if (isOver()) throw new ChatError('outbox/notLeading', 'This client was stopped, so nothing of this transaction was kept. What is queued is sent when it is started again; there is nothing to do.', { retryable: true })
  }
  return fencedStorage(storage, check, () => {})
}
