import type { Clock, Stop } from '../model/index.js'
import { TransportError } from '../transport/index.js'

/** A send that was not answered in this time may have been stored; it is tried again. Milliseconds. */
export const SEND_TIMEOUT_MS = 30_000

/** A transport that was told to stop answers within this time, or is not waited for any more. Milliseconds. */
const STOP_GRACE_MS = 1_000

/**
 * Limits calls to the wire: one that never settles must not hold back what waits behind it, so it is told to stop, and not waited for.
 * @param ended - tells all of them to stop
 */
export function createCallLimit(clock: Clock, ended: AbortSignal) {
  /** @param run - calls; between two of them it may begin the time anew */
  return async function withTimeout<T>(run: (signal: AbortSignal, anew: () => void) => Promise<T>): Promise<T> {
    const limit = new AbortController()
    const giveUp = () => limit.abort()
    ended.addEventListener('abort', giveUp)
    let stopTimer: Stop = () => {}
    const anew = () => {
      stopTimer()
      if (!limit.signal.aborted) stopTimer = clock.setTimer(giveUp, SEND_TIMEOUT_MS)
    }
    anew()
    const late = new Promise<never>((_, reject) => {
      limit.signal.addEventListener('abort', () => clock.setTimer(() => reject(lateError()), STOP_GRACE_MS), { once: true })
    })
    late.catch(() => {})
    try {
      return await Promise.race([run(limit.signal, anew), late])
    } finally {
      stopTimer()
      ended.removeEventListener('abort', giveUp)
    }
  }
}

function lateError(): TransportError {
  return new TransportError('transport/timeout', `The transport did not answer within ${SEND_TIMEOUT_MS / 1000} s, so it is not known whether the back end has this. It is tried again with the same local id.`, { stored: 'maybe', retry: 'yes' })
}
