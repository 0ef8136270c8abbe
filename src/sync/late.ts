/** A message this much older than the newest comes late no more, milliseconds of the server's. */
export const LATE_MS = 10 * 60_000
