import { TransportError } from '../transport/index.js'
import type { SyncContext } from './context.js'

/** A question to the wire that was not answered in this time is asked again later. Milliseconds. */
export const ANSWER_TIMEOUT_MS = 30_000

/** The answer, or an error when none comes: a transport that never settles must not hold back what comes after. */
export async function answered<T>({ ports: { clock } }: SyncContext, answer: Promise<T>): Promise<T> {
  let stopTimer = () => {}
  const late = new Promise<never>((_, reject) => {
    stopTimer = clock.setTimer(() => reject(new TransportError('transport/timeout', `The transport did not answer within ${ANSWER_TIMEOUT_MS / 1000} s. What is missing is asked for again.`, { stored: 'no', retry: 'yes' })), ANSWER_TIMEOUT_MS)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    stopTimer()
  }
}
