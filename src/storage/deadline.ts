/** A limit of time for work that may never settle by itself: a transaction behind a frozen tab, a lost event. */
import type { Clock } from '../model/index.js'

export interface Deadline {
  /** The time is over; what was not begun by now is not begun. */
  readonly isExpired: boolean
  /** Resolves when the time is over. */
  readonly over: Promise<void>
  /** The result of `work`, or the error given to `startDeadline` once the time is over. Late failures of `work` are swallowed. */
  race<T>(work: Promise<T>): Promise<T>
  /**
   * Runs `fn` when the time is over; the latest one given replaces the ones before.
   * What cannot be stopped any more gives a promise: until it settles `work` has the time to say what became of it.
   */
  onExpire(fn: () => Promise<void> | null): void
  stop(): void
}

/** @param moreMs - asked when the time is over: how much longer to wait after all; 0 (default) or less = not at all */
export function startDeadline(clock: Clock, ms: number, late: () => Error, moreMs: () => number = () => 0): Deadline {
  let isExpired = false
  let atExpiry: (() => Promise<void> | null) | null = null
  let reject!: (error: Error) => void
  let tellOver!: () => void
  const over = new Promise<void>((resolve) => {
    tellOver = resolve
  })
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
    tellOver()
    const rest = atExpiry?.() ?? null
    const giveUp = () => reject(late())
    if (rest) rest.then(giveUp, giveUp)
    else giveUp()
  }

  return {
    get isExpired() {
      return isExpired
    },
    over,
    race: (work) => Promise.race([work, expired]),
    onExpire(fn) {
      atExpiry = fn
      if (isExpired) void fn()
    },
    stop: () => stop(),
  }
}
