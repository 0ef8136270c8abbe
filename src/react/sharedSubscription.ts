import type { Stop } from '../model/index.js'

interface Subscribable {
  subscribe(listener: () => void): Stop
}

/**
 * How parts listen to a source: all of them by one subscription, so that a change asks the source once and not once for every row.
 * The same function for the same source: a new one at each render would subscribe anew each time.
 */
export function sharedSubscription(source: Subscribable): (listener: () => void) => Stop {
  const known = subscriptions.get(source)
  if (known !== undefined) return known
  const made = share(source)
  subscriptions.set(source, made)
  return made
}

function share(source: Subscribable): (listener: () => void) => Stop {
  /** Each by a key of its own: who listens twice is told twice. */
  const listeners = new Map<object, () => void>()
  let stop: Stop | null = null
  const tell = () => listeners.forEach((listener) => listener())
  return (listener) => {
    const key = {}
    listeners.set(key, listener)
    stop ??= source.subscribe(tell)
    return () => {
      if (!listeners.delete(key) || listeners.size > 0) return
      stop?.()
      stop = null
    }
  }
}

const subscriptions = new WeakMap<Subscribable, (listener: () => void) => Stop>()
