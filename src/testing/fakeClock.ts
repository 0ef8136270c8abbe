import type { Clock } from '../model/index.js'

/** A clock that stands still until it is told to go on. @public */
export interface FakeClock extends Clock {
  /** Lets `ms` pass: timers fire in order, each at its own time. */
  advance(ms: number): void
  /** The same, and lets promises settle after each timer. */
  advanceAsync(ms: number): Promise<void>
  /** Sleep or freeze: `ms` pass at once and no timer fires until the next `advance`; then each that is due fires late. */
  sleep(ms: number): void
  /** Somebody sets the wall clock: `now()` jumps, `monotonic()` does not. */
  shiftWallClock(ms: number): void
  /** Timers that wait. 0 = nothing is running. */
  readonly pending: number
}

interface Timer {
  readonly at: number
  readonly order: number
  readonly fn: () => void
}

/**
 * Time for tests.
 * @param startAt - wall clock at the beginning, epoch milliseconds; default 2026-01-01T00:00:00Z
 * @public
 */
export function createFakeClock(startAt: number = Date.UTC(2026, 0, 1)): FakeClock {
  const timers = new Set<Timer>()
  let passed = 0
  let wallOffset = startAt
  let order = 0

  // What is so short that rounding would lose it would come again at the same moment for ever.
  const leastDelay = (delayMs: number) => (delayMs > 0 ? Math.max(delayMs, passed * 2 * Number.EPSILON) : 0)
  const nextDue = (until: number): Timer | undefined => [...timers].filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at || a.order - b.order)[0]
  const fire = (timer: Timer): void => {
    timers.delete(timer)
    passed = Math.max(passed, timer.at)
    timer.fn()
  }
  return {
    now: () => wallOffset + passed,
    monotonic: () => passed,
    setTimer(fn, delayMs) {
      const timer: Timer = { at: passed + leastDelay(delayMs), order: order++, fn }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance(ms) {
      const until = passed + ms
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) fire(timer)
      passed = until
    },
    async advanceAsync(ms) {
      const until = passed + ms
      await settle()
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) {
        fire(timer)
        await settle()
      }
      passed = until
    },
    sleep(ms) {
      passed += ms
    },
    shiftWallClock(ms) {
      wallOffset += ms
    },
    get pending() {
      return timers.size
    },
  }
}

/** Promise chains of a handful of steps end within this many microtasks. */
async function settle(): Promise<void> {
  for (let step = 0; step < 20; step += 1) await Promise.resolve()
}
