import type { Clock, Stop } from '../../model/index.js'

/** Milliseconds. */
const LISTEN_MS = 50

export interface Heartbeat {
  /** Something came. */
  heard(): void
  stop(): void
}

/**
 * Asks for a sign of life when nothing came for `everyMs`, and calls `onDead` when none comes within `timeoutMs`.
 * A half-open connection looks like silence, so nothing else finds it.
 */
export function startHeartbeat(clock: Clock, options: { readonly everyMs: number; readonly timeoutMs: number; ping(): void; onDead(): void }): Heartbeat {
  let lastHeardAt = clock.monotonic()
  let stopTimer: Stop = () => {}

  function wait(ms: number): void {
    stopTimer = clock.setTimer(look, ms)
  }

  function look(): void {
    const quietMs = clock.monotonic() - lastHeardAt
    if (quietMs < options.everyMs) return wait(options.everyMs - quietMs)
    const askedAt = clock.monotonic()
    options.ping()
    const judge = () => (lastHeardAt >= askedAt ? look() : options.onDead())
    // A page that stood still has its timers fire before it hears what came meanwhile: it gets a turn to listen.
    stopTimer = clock.setTimer(() => { stopTimer = clock.setTimer(judge, LISTEN_MS) }, options.timeoutMs)
  }

  wait(options.everyMs)
  return {
    heard() {
      lastHeardAt = clock.monotonic()
    },
    stop: () => stopTimer(),
  }
}
