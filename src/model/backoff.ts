/** A back end may ask for a long wait, not for ever: then it is asked again. Milliseconds. */
export const LONGEST_ASKED_MS = 3_600_000

/** How long a back end asks to be left alone, milliseconds. What is no such time asks for nothing: it comes from headers and frames that others wrote. */
export function askedMs(retry: unknown): number {
  const { afterMs } = (typeof retry === 'object' && retry !== null ? retry : {}) as { readonly afterMs?: unknown }
  return typeof afterMs === 'number' && afterMs > 0 ? Math.min(afterMs, LONGEST_ASKED_MS) : 0
}

/**
 * Wait before the next attempt, milliseconds: full jitter under a doubling ceiling, so that a thousand clients that lost the same
 * server do not come back together.
 * @param attempt - failed attempts so far, from 1
 * @param random - uniform in [0, 1)
 * @see AWS Architecture Blog, "Exponential Backoff And Jitter"
 */
export function backoffMs(attempt: number, random: number, baseMs = 1000, capMs = 60_000): number {
  return Math.round(random * Math.min(capMs, baseMs * 2 ** Math.min(attempt - 1, 30)))
}
