import { NO_DWELL, SAMPLE_INTERVAL_MS, sampleDwell, type Dwell } from './dwellClock.js'
import type { UnreadReason } from './visibilityRule.js'

/**
 * What one sample made of one message. `reasons`: why it is not read yet; nothing once it is, `dwelling` alone while its time runs.
 * `nextInMs`: milliseconds until it wants the next sample; Infinity when only an event can change it.
 */
export type DwellStep = readonly [dwell: Dwell, reasons: readonly UnreadReason[], nextInMs: number]

/**
 * One sample of one message: adds its visible time and says whether it is read, or why not.
 *
 * @param against - reasons of the page and of the message's place on it against any reading
 * @param askCovered - a hit test; made only when the message comes into view and when it is about to be read
 */
export function stepDwell(dwell: Dwell, now: number, against: readonly UnreadReason[], dwellMs: number, askCovered: () => boolean): DwellStep {
  const next = sampleDwell(dwell, now, !against[0])
  // Settling sends no event, so it is asked for while it alone closes the gates.
  if (against[0]) return [next, against, against[0] === 'notSettled' ? SAMPLE_INTERVAL_MS : Infinity]
  const hasBegun = dwell.sampledAt === null
  const leftMs = dwellMs - next.visibleMs
  const isDone = leftMs <= 0
  // Found covered at the end, nobody knows since when: then nothing of this stretch counts.
  if ((hasBegun || isDone) && askCovered()) return [hasBegun ? dwell : NO_DWELL, ['covered'], SAMPLE_INTERVAL_MS]
  // The last sample lands on the end of the dwell and not after it.
  return isDone ? [next, [], Infinity] : [next, ['dwelling'], Math.min(SAMPLE_INTERVAL_MS, leftMs)]
}
