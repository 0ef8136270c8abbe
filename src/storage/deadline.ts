/** A limit of time for work that may never settle by itself: a transaction behind a frozen tab, a lost event. */
import type { Clock } from '../model/index.js'

export interface Deadline {
  readonly isExpired: boolean
  /** The result of `work`, or the error given to `startDeadline` once the time is over. Late failures of `work` are swallowed. */
  race<T>(work: Promise<T>): Promise<T>
  /** Runs `fn` when the time is over; the latest one given replaces the ones before. */
  onExpire(fn: () => void): void
  stop(): void
}

/** @param moreMs - asked when the time is over: how much longer to wait after all; 0 (default) or less = not at all */
export function startDeadline(clock: Clock, ms: number, late: () => Error, moreMs: () => number = () => 0): Deadline {
  let isExpired = false
  let atExpiry: (() => void) | null = null
  let reject!: (error: Error) => void
  const expired = new Promise<never>((_, fail) => {
    reject = fail
  })
  expired.catch(() => {})
  let stop = clock.setTimer(end, ms)

  function end(): void {
    const more = moreMs()
    if (more > 0) {
      stop = clock.setTimer(end, more)
      return
    }
    isExpired = true
    reject(late())
    atExpiry?.()
  }

  return {
    get isExpired() {
      return isExpired
    },
    race: (work) => Promise.race([work, expired]),
    onExpire(fn) {
      atExpiry = fn
      if (isExpired) fn()
    },
    stop: () => stop(),
  }
}
