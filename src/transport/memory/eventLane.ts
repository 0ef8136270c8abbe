/** Hands events to a device's listeners: in order, never within the call that caused them, each as late as the network makes it. */
import type { Clock, Stop } from '../../model/index.js'
import type { TransportEvent } from '../transport.js'

export interface EventLane {
  /** Queues events that belong together; `done` runs when all of them were handed over. */
  push(events: readonly TransportEvent[], latencyMs: number, done?: () => void): void
  /** Forgets what is on its way: the connection broke. */
  clear(): void
}

interface Parcel {
  readonly events: readonly TransportEvent[]
  readonly dueAt: number
  readonly done: (() => void) | undefined
}

export function createEventLane(clock: Clock, handOver: (event: TransportEvent) => void): EventLane {
  let parcels: Parcel[] = []
  let generation = 0
  let pumping = false
  let stopTimer: Stop | null = null

  async function pump(): Promise<void> {
    await Promise.resolve()
    while (parcels.length > 0) {
      const [next] = parcels as [Parcel]
      const waitMs = next.dueAt - clock.monotonic()
      if (waitMs > 0) {
        stopTimer = clock.setTimer(restart, waitMs)
        return
      }
      parcels.shift()
      open(next)
    }
    pumping = false
  }

  function open(parcel: Parcel): void {
    const mine = generation
    for (const event of parcel.events) {
      // A listener may have closed the connection.
      if (mine !== generation) return
      handOver(event)
    }
    if (mine === generation) parcel.done?.()
  }

  function restart(): void {
    stopTimer = null
    void pump()
  }

  return {
    push(events, latencyMs, done) {
      parcels.push({ events, dueAt: clock.monotonic() + latencyMs, done })
      if (pumping) return
      pumping = true
      void pump()
    },
    clear() {
      generation += 1
      parcels = []
      if (!stopTimer) return
      stopTimer()
      stopTimer = null
      pumping = false
    },
  }
}
