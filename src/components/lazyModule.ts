/** Code that comes later: fetched once a page; what failed to come (offline) is asked for again. */
export interface LazyModule<T> {
  /** Null until it is here. */
  now(): T | null
  load(): Promise<T>
  /** Fetches it before anybody asks. A failure is no error. */
  preload(): Promise<void>
}

export function lazyModule<T>(fetch: () => Promise<T>): LazyModule<T> {
  let here: T | null = null
  const load = async () => (here ??= await fetch())
  return { now: () => here, load, preload: () => load().then(() => {}, () => {}) }
}
