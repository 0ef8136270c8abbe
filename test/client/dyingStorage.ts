import { ChatError, type ChatStorage, type StorageState } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'

/** A database whose handle dies and comes back as the test says, and cannot be read while it says so. */
export function dyingStorage() {
  const database = memoryStorage()
  const listeners = new Set<() => void>()
  let state: StorageState = { status: 'ready' }
  let canRead = true
  const storage: ChatStorage = {
    ...database,
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async read(run) {
      if (!canRead) throw new ChatError('storage/lost', 'It died again.', { retryable: true })
      return database.read(run)
    },
  }
  return {
    database,
    storage,
    become(status: 'reopening' | 'ready') {
      state = { status } as StorageState
      for (const listener of listeners) listener()
    },
    letRead: (may: boolean) => void (canRead = may),
  }
}
