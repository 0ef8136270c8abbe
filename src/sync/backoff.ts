/** First wait after a failure, milliseconds. */
export const BACKOFF_BASE_MS = 500
/** Longest wait between two tries, milliseconds. */
export const BACKOFF_CAP_MS = 30_000

/**
 * How long to wait before the next try, with full jitter: uniform between 0 and the doubled base, so that clients which failed together do not come back together.
 *
 * @param attempt - failures so far, from 1
 * @param random - uniform in [0, 1)
 */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.min(attempt - 1, 16))
  return Math.round(ceiling * random)
}
