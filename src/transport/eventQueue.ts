/** Hands events to listeners in order, each parcel in a turn of its own, so never within the call that caused it. */
import type { TransportEvent } from './transport.js'

export interface EventQueue {
  /** `done` runs when all of them were handed over. */
  push(events: readonly TransportEvent[], done?: () => void): void
  /** Forgets what was not handed over; nothing follows, also within a parcel. */
  clear(): void
}

export function createEventQueue(handOver: (event: TransportEvent) => void): EventQueue {
  let parcels: { readonly events: readonly TransportEvent[]; readonly done: (() => void) | undefined }[] = []
  let generation = 0
  let scheduled = false

  function flush(): void {
    scheduled = false
    const mine = generation
    while (parcels.length > 0) {
      const { events, done } = parcels.shift()!
      for (const event of events) {
        handOver(event)
        // A listener may have closed the transport.
        if (mine !== generation) return
      }
      done?.()
    }
  }

  return {
    push(events, done) {
      parcels.push({ events, done })
      if (scheduled) return
      scheduled = true
      queueMicrotask(flush)
    },
    clear() {
      generation += 1
      parcels = []
    },
  }
}
