/** How many entries of the outbox wait, for the screen. */
import type { Stop } from '../model/index.js'
import type { SyncContext } from './context.js'

/** Least time between two counts, milliseconds. */
const PENDING_COUNT_MS = 100

export interface PendingCount {
  /** Something may have been queued, or sent. */
  count(): void
  stop(): void
}

export function createPendingCount({ storage, store, ports }: Pick<SyncContext, 'storage' | 'store' | 'ports'>): PendingCount {
  let timer: Stop | null = null
  return {
    count() {
      timer ??= ports.clock.setTimer(() => {
        timer = null
        storage.read((tx) => tx.outbox.count('intent')).then(
          (pendingCount) => store.setState({ pendingCount }),
          () => {},
        )
      }, PENDING_COUNT_MS)
    },
    stop: () => timer?.(),
  }
}
