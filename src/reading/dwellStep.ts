import { NO_DWELL, SAMPLE_INTERVAL_MS, nextSampleIn, sampleDwell, type Dwell } from './dwellClock.js'
import type { DwellPolicy, DwellView } from './dwellTypes.js'
import { boxReasons, type UnreadReason, type VisibleBox } from './visibilityRule.js'

/** What one sample made of one message. */
export interface DwellStep {
  readonly dwell: Dwell
  readonly state: DwellView['state']
  readonly reasons: DwellView['reasons']
  /** Milliseconds until it wants the next sample; Infinity when only an event can change it. */
  readonly nextInMs: number
}

/**
 * One sample of one message: adds its visible time and says whether it is read, or why not.
 *
 * @param gates - reasons of the page against any reading
 * @param askCovered - a hit test; made only when the message comes into view and when it is about to be read
 */
export function stepDwell(dwell: Dwell, box: VisibleBox | null, now: number, gates: readonly UnreadReason[], policy: DwellPolicy, askCovered: () => boolean): DwellStep {
  const reasons = [...gates, ...boxReasons(box, policy.visibleFraction)]
  const next = sampleDwell(dwell, now, reasons.length === 0)
  // Settling sends no event, so it is asked for while it alone closes the page's gates.
  if (reasons.length > 0) return { dwell: next, state: 'unseen', reasons, nextInMs: gates.join() === 'notSettled' ? SAMPLE_INTERVAL_MS : Infinity }
  const hasBegun = dwell.sampledAt === null
  const isDone = next.visibleMs >= policy.dwellMs
  // Found covered at the end, nobody knows since when: then nothing of this stretch counts.
  if ((hasBegun || isDone) && askCovered()) return { dwell: hasBegun ? dwell : NO_DWELL, state: 'unseen', reasons: ['covered'], nextInMs: SAMPLE_INTERVAL_MS }
  if (isDone) return { dwell: next, state: 'read', reasons: [], nextInMs: Infinity }
  return { dwell: next, state: 'dwelling', reasons: ['dwelling'], nextInMs: nextSampleIn(next, policy.dwellMs) }
}
