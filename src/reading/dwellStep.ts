import { SAMPLE_INTERVAL_MS, sampleDwell, type Dwell } from './dwellClock.js'
import type { UnreadReason } from './visibilityRule.js'

/**
 * What one sample made of one message. `reasons`: why it is not read yet; nothing once it is, `dwelling` alone while its time runs.
 * `nextInMs`: milliseconds until it wants the next sample; Infinity when only an event can change it.
 */
export type DwellStep = readonly [dwell: Dwell, reasons: readonly UnreadReason[], nextInMs: number]

/** A fast scroll tells of intersections at every frame; a look at the page this soon after the last one says nothing new. */
const LEAST_INTERVAL_MS = SAMPLE_INTERVAL_MS / 2

/** Asking whether a list has settled costs no look at the page, and whoever looks at it reads from that moment on. */
const SETTLING_INTERVAL_MS = 20

/**
 * One sample of one message: adds its visible time and says whether it is read, or why not.
 *
 * @param against - reasons of the page and of the message's place on it against any reading
 * @param look - what the page itself says against it. Asked at every sample that adds time: what lay over a message for a while, and is gone again at the end, was in the way all the same
 */
export function stepDwell(dwell: Dwell, now: number, against: readonly UnreadReason[], dwellMs: number, look: () => UnreadReason | null): DwellStep {
  // Settling sends no event, so it is asked for while it alone closes the gates.
  if (against[0]) return [sampleDwell(dwell, now, false), against, against[0] === 'notSettled' ? SETTLING_INTERVAL_MS : Infinity]
  const next = sampleDwell(dwell, now, true)
  const leftMs = dwellMs - next.visibleMs
  const agoMs = dwell.sampledAt === null ? Infinity : now - dwell.sampledAt
  if (leftMs > 0 && agoMs < LEAST_INTERVAL_MS) return [dwell, ['dwelling'], Math.min(SAMPLE_INTERVAL_MS - agoMs, leftMs)]
  const unseen = look()
  // Nobody knows since when: nothing since the last sample counts.
  if (unseen) return [sampleDwell(dwell, now, false), [unseen], SAMPLE_INTERVAL_MS]
  // The last sample lands on the end of the dwell and not after it.
  return leftMs <= 0 ? [next, [], Infinity] : [next, ['dwelling'], Math.min(SAMPLE_INTERVAL_MS, leftMs)]
}
