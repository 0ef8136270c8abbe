/**
 * Tells a database that the browser threw away from one that was never there. Browsers evict IndexedDB but leave localStorage:
 * a marker row stands in the one, its twin in the other.
 */
import { ChatError } from '../model/index.js'
import { LOST_KEY } from '../storage/lostKey.js'
import type { StorageTx } from '../storage/index.js'
import type { SyncContext } from './context.js'
import { MARKER_KEY } from './knownRows.js'

/**
 * `same`: these are the rows that were here before, or the first ones. `evicted`: they are others, and everything has to be asked for again.
 * `wiped`: the twin is gone as well, as after a sign-out in another tab, or when somebody cleared all that this site has: nothing of it is to be fetched again.
 * It is a guess from two absences, so nothing may be deleted for it. Told once: who starts after it starts as for the first time.
 */
export type Finding = 'same' | 'evicted' | 'wiped'

export interface Marker {
  check(): Promise<Finding>
  /** By which these rows are known since; null where nothing could tell them from others. */
  known(): string | null
  /** The rows are about to be deleted on purpose. Noted beside them until they are: another tab may be in the way for longer than this page lives. */
  forget(): void
  /** They are deleted. */
  noteWiped(): void
  /** These are rows that were to be deleted. */
  isWipeDue(): Promise<boolean>
}

export function createMarker(ctx: SyncContext): Marker {
  const { storage, ports } = ctx
  let known: string | null = null
  /** The twin has been seen in its place. */
  let hadTwin = false
  const name = () => `${storage.name}/${ctx.me}/${MARKER_KEY}`

  async function place(): Promise<{ readonly marker: string; readonly wasLost: boolean }> {
    const { stored, wasLost } = await storage.read(async (tx) => ({ stored: await markerOf(tx), wasLost: await isLost(tx) }))
    if (stored !== null && !wasLost) return { marker: stored, wasLost }
    return storage.write(async (tx) => {
      const found = { marker: (await markerOf(tx)) ?? ports.random.id(), wasLost: await isLost(tx) }
      await tx.meta.put(MARKER_KEY, found.marker)
      await tx.meta.delete(LOST_KEY)
      return found
    })
  }

  /** Says by their marker which rows are to be deleted: those that came after them are not. */
  const dueName = () => `${name()}/wipe`

  function noteWipe(): Finding {
    known = null
    hadTwin = false
    return 'wiped'
  }

  const isUnmarked = () => ['memory', 'readOnly'].includes(storage.getState().status)

  return {
    known: () => (isUnmarked() ? null : known),
    async check() {
      if (isUnmarked()) return 'same'
      const kept = ports.keepsakes?.get(name()) ?? null
      // Of two looks at once both must find the same.
      const [wasKnown, hadBoth] = [known, hadTwin]
      if (hadBoth && kept === null && (await storage.read(markerOf)) !== wasKnown) return noteWipe()
      const before = wasKnown ?? kept
      const { marker, wasLost } = await place()
      // It was there a moment ago: wiped while this was looked at.
      if (hadBoth && marker !== wasKnown && (ports.keepsakes?.get(name()) ?? null) === null) return noteWipe()
      known = marker
      if (known !== kept) ports.keepsakes?.set(name(), known)
      // Where nothing can be kept its absence says nothing.
      hadTwin = ports.keepsakes?.get(name()) === known
      // A browser that dies takes the twin of its last seconds with it; then only what the storage says is left.
      return wasLost || (before !== null && before !== known) ? 'evicted' : 'same'
    },
    forget() {
      const marker = known ?? ports.keepsakes?.get(name()) ?? null
      if (marker !== null && storage.getState().status !== 'memory') ports.keepsakes?.set(dueName(), marker)
      known = null
      hadTwin = false
      ports.keepsakes?.remove(name())
    },
    noteWiped: () => ports.keepsakes?.remove(dueName()),
    async isWipeDue() {
      const due = ports.keepsakes?.get(dueName()) ?? null
      if (due === null) return false
      if ((await storage.read(markerOf)) === due) return true
      ports.keepsakes?.remove(dueName())
      return false
    },
  }
}

/** One that cannot be read is none: the rows beside it may be as bad, and are fetched again. */
async function markerOf(tx: StorageTx): Promise<string | null> {
  const marker = await tx.meta.get<unknown>(MARKER_KEY)
  return typeof marker === 'string' ? marker : null
}

async function isLost(tx: StorageTx): Promise<boolean> {
  return (await tx.meta.get<unknown>(LOST_KEY)) !== undefined
}

export function evictedError(): ChatError {
  return new ChatError('storage/evicted', 'The browser has thrown the stored messages of this account away, as it does when room is short, site data is cleared, or its files are damaged. They are fetched again; what had not been sent is lost. Ask the user to allow persistent storage (navigator.storage.persist()).', { retryable: true })
}
