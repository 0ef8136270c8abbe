import type { TransportEvent } from './transport.js'

/** Hands one event to every listener. A broken one must not keep it from the others, nor be hidden. */
export function handOverTo(listeners: ReadonlySet<(event: TransportEvent) => void>, event: TransportEvent): void {
  for (const listener of [...listeners]) {
    try {
      listener(event)
    } catch (error) {
      queueMicrotask(() => { throw error })
    }
  }
}
