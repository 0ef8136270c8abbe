/** Deletes a database, other tabs permitting: each is asked to close its connection and normally does so at once. */
import type { Clock } from '../../model/index.js'
import { startDeadline } from '../deadline.js'
import { failedError, wipeBlockedError } from '../storageErrors.js'

export async function deleteDatabase(indexedDB: IDBFactory, name: string, clock: Clock, timeoutMs: number): Promise<void> {
  const deadline = startDeadline(clock, timeoutMs, () => wipeBlockedError(timeoutMs))
  try {
    await deadline.race(request(indexedDB, name))
  } finally {
    deadline.stop()
  }
}

async function request(indexedDB: IDBFactory, name: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      const deletion = indexedDB.deleteDatabase(name)
      deletion.onsuccess = () => resolve()
      deletion.onerror = () => reject(deletion.error ?? new Error('The browser gave no reason.'))
    })
  } catch (error) {
    throw failedError(error)
  }
}
