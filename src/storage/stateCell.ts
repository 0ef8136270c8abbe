/** The state of a storage and who wants to know of its changes. */
import { telling } from '../model/telling.js'
import type { StorageState } from './storage.js'

export interface StateCell {
  get(): StorageState
  /** Tells the listeners only if it is a change. */
  set(next: StorageState): void
  subscribe(listener: () => void): () => void
}

export function createStateCell(): StateCell {
  let state: StorageState = { status: 'closed' }
  const listeners = new Set<{ readonly tell: () => void }>()
  return {
    get: () => state,
    set(next) {
      if (isSame(state, next)) return
      state = next
      for (const { tell } of [...listeners]) tell()
    },
    subscribe(listener) {
      // An entry of its own, so that the same function subscribed twice is told twice and stops twice.
      const entry = { tell: telling(listener) }
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
  }
}

function isSame(a: StorageState, b: StorageState): boolean {
  if (a.status === 'memory' && b.status === 'memory') return a.reason === b.reason
  return a.status === b.status
}
