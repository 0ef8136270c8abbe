import type { Clock, Stop } from '../../model/index.js'

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
    stopTimer = clock.setTimer(() => (lastHeardAt >= askedAt ? look() : options.onDead()), options.timeoutMs)
  }

  wait(options.everyMs)
  return {
    heard() {
      lastHeardAt = clock.monotonic()
    },
    stop: () => stopTimer(),
  }
}
