import { backoffMs as fullJitterMs } from '../model/backoff.js'

/** First wait after a failure, milliseconds. */
export const BACKOFF_BASE_MS = 500
/** Longest wait between two tries, milliseconds. */
export const BACKOFF_CAP_MS = 30_000

/**
 * How long the outbox waits before the next try.
 *
 * @param attempt - failures so far, from 1
 * @param random - uniform in [0, 1)
 */
export function backoffMs(attempt: number, random: number): number {
  return fullJitterMs(attempt, random, BACKOFF_BASE_MS, BACKOFF_CAP_MS)
}
