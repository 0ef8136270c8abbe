/** Visible time gathered by one message. @public */
export interface Dwell {
  /** Milliseconds of visible time so far. */
  readonly visibleMs: number
  /** Monotonic time of the last sample that found it visible; null while it is not. */
  readonly sampledAt: number | null
}

/** Nothing gathered yet. @public */
export const NO_DWELL: Dwell = Object.freeze({ visibleMs: 0, sampledAt: null })

/** Time between two samples, milliseconds. Shorter costs battery; longer makes reading late by up to as much. */
export const SAMPLE_INTERVAL_MS = 100

/**
 * Adds the time since the last sample, if the message was visible then and is now. One sample adds at most two intervals, so
 * sleep, freeze and throttled timers add nothing worth mentioning; time out of sight is never added, time gathered is never lost.
 *
 * @param now - monotonic milliseconds
 * @returns the same object when nothing changed
 * @public
 */
export function sampleDwell(dwell: Dwell, now: number, isVisible: boolean, intervalMs: number = SAMPLE_INTERVAL_MS): Dwell {
  if (!isVisible) return dwell.sampledAt === null ? dwell : { visibleMs: dwell.visibleMs, sampledAt: null }
  const elapsed = dwell.sampledAt === null ? 0 : Math.min(Math.max(0, now - dwell.sampledAt), 2 * intervalMs)
  return { visibleMs: dwell.visibleMs + elapsed, sampledAt: now }
}
