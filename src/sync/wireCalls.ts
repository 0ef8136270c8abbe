/** Calls of a wire that somebody else wrote: it may throw instead of refusing, and not answer at all. */
import type { SyncContext } from './context.js'

/** What throws has refused. */
export async function calling<T>(call: () => T): Promise<Awaited<T>> {
  return await call()
}

/** A wire that does not say when it is closed is waited for so long, milliseconds. */
const CLOSE_MS = 5_000

/** Resolves when the wire is closed, or is not waited for any more: else nobody could stop, or lead again. */
export function closeWire({ transport, ports: { clock } }: SyncContext): Promise<void> {
  return new Promise((resolve) => {
    const stopTimer = clock.setTimer(resolve, CLOSE_MS)
    const end = () => {
      stopTimer()
      resolve()
    }
    calling(() => transport.close()).then(end, end)
  })
}
