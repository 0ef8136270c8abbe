/** One thread and one time for all devices: nothing happens between two timers, so a seed replays to the same bytes. */
import type { Clock } from 'readback/core'

interface Timer {
  readonly at: number
  readonly order: number
  readonly fn: () => void
}

/** One device's wall time. */
export interface DeviceClock {
  shift(ms: number): void
  tab(): TabClock
}

/** One tab's timers, which stand still while it is frozen, and die with it. */
export interface TabClock extends Clock {
  freeze(): void
  wake(): void
  kill(): void
}

export interface VirtualTime {
  readonly clock: Clock
  now(): number
  device(): DeviceClock
  /** Lets time pass; each timer at its own time, and everything that follows from it at once. */
  pass(ms: number): Promise<void>
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>
}

const START = Date.UTC(2026, 0, 1)

export function createVirtualTime(): VirtualTime {
  let passed = 0
  let order = 0
  const timers = new Set<Timer>()

  function setTimer(fn: () => void, delayMs: number): () => void {
    const timer = { at: passed + Math.max(0, delayMs), order: (order += 1), fn }
    timers.add(timer)
    return () => timers.delete(timer)
  }

  function nextDue(until: number): Timer | undefined {
    let found: Timer | undefined
    for (const timer of timers) {
      if (timer.at <= until && (!found || timer.at < found.at || (timer.at === found.at && timer.order < found.order))) found = timer
    }
    return found
  }

  function tabClock(now: () => number): TabClock {
    let dead = false
    let late: Set<() => void> | null = null
    return {
      now,
      monotonic: () => passed,
      setTimer(fn, delayMs) {
        let stopped = false
        const run = () => {
          if (dead || stopped) return
          if (late) late.add(run)
          else fn()
        }
        const stop = setTimer(run, delayMs)
        return () => {
          stopped = true
          stop()
        }
      },
      freeze: () => void (late ??= new Set()),
      wake() {
        const due = late ?? []
        late = null
        for (const run of due) setTimer(run, 0)
      },
      kill: () => void (dead = true),
    }
  }

  // A turn of the event loop comes after every promise that can settle without it.
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

  return {
    clock: { now: () => START + passed, monotonic: () => passed, setTimer },
    now: () => START + passed,
    device() {
      let shifted = 0
      return { shift: (ms) => void (shifted += ms), tab: () => tabClock(() => START + passed + shifted) }
    },
    async pass(ms) {
      const until = passed + ms
      await settle()
      for (let timer = nextDue(until); timer; timer = nextDue(until)) {
        timers.delete(timer)
        passed = Math.max(passed, timer.at)
        timer.fn()
        await settle()
      }
      passed = until
    },
    settle,
  }
}
