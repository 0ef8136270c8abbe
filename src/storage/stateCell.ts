/** The state of a storage and who wants to know of its changes. */
import type { StorageState } from './storage.js'

export interface StateCell {
  get(): StorageState
  /** Tells the listeners only if it is a change. */
  set(next: StorageState): void
  subscribe(listener: () => void): () => void
}

export function createStateCell(): StateCell {
  let state: StorageState = { status: 'closed' }
  const listeners = new Set<{ readonly listener: () => void }>()
  return {
    get: () => state,
    set(next) {
      if (isSame(state, next)) return
      state = next
      for (const { listener } of [...listeners]) tell(listener)
    },
    subscribe(listener) {
      // An entry of its own, so that the same function subscribed twice is told twice and stops twice.
      const entry = { listener }
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
  }
}

function isSame(a: StorageState, b: StorageState): boolean {
  if (a.status === 'memory' && b.status === 'memory') return a.reason === b.reason
  return a.status === b.status
}

/** A listener that throws is the host's trouble and must not break a commit: the error surfaces as an uncaught one. */
function tell(listener: () => void): void {
  try {
    listener()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
