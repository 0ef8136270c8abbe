/**
 * Writes go into the rows that this tab knows, and into no others: a database that was deleted (signed out and wiped elsewhere, thrown away by the browser) is made anew
 * by whichever tab opens it first, and what is written from then on would stand in it as if it had been there before. Each transaction looks at the marker, within itself.
 */
import { ChatError, type Clock } from '../model/index.js'
import type { ChatStorage, StorageTx } from '../storage/index.js'

export interface KnownRows {
  /** The same storage: a write that meets other rows waits until it is known what they are, and is refused when they are nobody's or it takes too long; once closed it is for nobody until rows are known again. */
  readonly storage: ChatStorage
  /** These are the rows, by their marker; null: whichever there are. */
  know(marker: string | null): void
  /** There are none any more: nothing is written until others are known. */
  lose(): void
  /** Signed out elsewhere, nobody here looks at other rows any more: a write that meets them is refused at once. */
  leave(): void
}

/** Name of the meta row that tells a database from the one made in its place. */
export const MARKER_KEY = 'marker'
/** Longest that a write waits, milliseconds. */
const LONGEST_WAIT_MS = 3_000

export function createKnownRows(storage: ChatStorage, clock: Clock): KnownRows {
  let known: string | null = null
  /** Why there are none at all. */
  let refusal: (() => ChatError) | null = null
  let isLeft = false
  const waiting = new Set<() => void>()

  function wake(): void {
    for (const go of [...waiting]) go()
  }

  async function check(tx: StorageTx): Promise<void> {
    if (refusal) throw refusal()
    if (known === null) return
    const found = await tx.meta.get<unknown>(MARKER_KEY)
    // A torn one says nothing; these rows are made anew with a sound one.
    if (found === undefined || (typeof found === 'string' && found !== known)) throw new OtherRows()
  }

  /** Until somebody knows, or for as long as a write may take. Whether somebody does. */
  function decided(): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (is: boolean) => {
        stop()
        waiting.delete(go)
        resolve(is)
      }
      const go = () => end(true)
      const stop = clock.setTimer(() => end(false), LONGEST_WAIT_MS)
      waiting.add(go)
    })
  }

  async function write<T>(...[fn, options]: Parameters<typeof storage.write<T>>): Promise<T> {
    for (;;) {
      try {
        return await storage.write(async (tx) => {
          await check(tx)
          return fn(tx)
        }, options)
      } catch (error) {
        if (!(error instanceof OtherRows)) throw error
        if (isLeft || !(await decided())) throw wipedError()
      }
    }
  }

  /** What was read before it was closed is nobody's to show any more, and what comes later would be written into the rows of whoever opens it next. */
  async function read<T>(fn: (tx: StorageTx) => Promise<T>): Promise<T> {
    const result = await storage.read(fn)
    if (refusal) throw refusal()
    return result
  }

  storage.subscribe(() => {
    if (storage.getState().status !== 'closed') return
    refusal = stoppedError
    wake()
  })
  return {
    storage: {
      get name() {
        return storage.name
      },
      open: (userId) => storage.open(userId),
      getState: () => storage.getState(),
      subscribe: (listener) => storage.subscribe(listener),
      read,
      write,
      close: () => storage.close(),
      wipe: () => storage.wipe(),
    },
    know(marker) {
      known = marker
      refusal = null
      isLeft = false
      wake()
    },
    lose() {
      refusal = wipedError
      wake()
    },
    leave() {
      isLeft = true
      wake()
    },
  }
}

class OtherRows extends Error {}

function wipedError(): ChatError {
  return new ChatError('storage/lost', 'The stored messages of this account were deleted meanwhile, as when it is signed out in another tab, so nothing was written. If it is still signed in, try again.', { retryable: true })
}

function stoppedError(): ChatError {
  return new ChatError('client/notStarted', 'The client was stopped while this was under way, as an import, an export or the pruning of a conversation, so it ended in the middle. Start the client, and do it again: what is done already does no harm.', { retryable: true })
}
