import type { Stop } from '../model/index.js'

/** Code that comes later: fetched once a page; what failed to come (offline) is asked for again. */
export interface LazyModule<T> {
  /** Null until it is here. */
  now(): T | null
  load(): Promise<T>
  /** Fetches it before anybody asks. A failure is no error. */
  preload(): Promise<void>
  /** Told when it is here, whoever asked for it. */
  subscribe(listener: () => void): Stop
}

export function lazyModule<T>(fetch: () => Promise<T>): LazyModule<T> {
  let here: T | null = null
  const waiting = new Set<() => void>()
  const load = async () => {
    if (here === null) {
      here = await fetch()
      for (const listener of [...waiting]) listener()
    }
    return here
  }
  return {
    now: () => here,
    load,
    preload: () => load().then(() => {}, () => {}),
    subscribe(listener) {
      waiting.add(listener)
      return () => waiting.delete(listener)
    },
  }
}
