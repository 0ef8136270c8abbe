/**
 * Tells a database that the browser threw away from one that was never there. Browsers evict IndexedDB but leave localStorage:
 * a marker row stands in the one, its twin in the other.
 */
import { ChatError } from '../model/index.js'
import type { SyncContext } from './context.js'

export interface Marker {
  /** Looks whether these are the rows that were here before. True when they are others: everything has to be asked for again. */
  check(): Promise<boolean>
  /** The rows were deleted on purpose. */
  forget(): void
}

/** Name of the meta row. */
const MARKER_KEY = 'marker'

export function createMarker(ctx: SyncContext): Marker {
  const { storage, ports } = ctx
  let known: string | null = null
  const name = () => `${storage.name}/${ctx.me}/${MARKER_KEY}`

  async function place(): Promise<string> {
    const stored = await storage.read((tx) => tx.meta.get<string>(MARKER_KEY))
    if (stored !== undefined) return stored
    return storage.write(async (tx) => {
      const placed = (await tx.meta.get<string>(MARKER_KEY)) ?? ports.random.id()
      await tx.meta.put(MARKER_KEY, placed)
      return placed
    })
  }

  return {
    async check() {
      const { status } = storage.getState()
      if (status === 'memory' || status === 'readOnly') return false
      const before = known ?? ports.keepsakes?.get(name()) ?? null
      known = await place()
      if (known === before) return false
      ports.keepsakes?.set(name(), known)
      return before !== null
    },
    forget() {
      known = null
      ports.keepsakes?.remove(name())
    },
  }
}

export function evictedError(): ChatError {
  return new ChatError('storage/evicted', 'The browser has thrown the stored messages of this account away, as it does when room is short or site data is cleared. They are fetched again; what had not been sent is lost. Ask the user to allow persistent storage (navigator.storage.persist()).', { retryable: true })
}
