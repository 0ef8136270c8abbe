/** What is rare: each is drawn from a generator of its own, for a share of the seeds, so that the schedules of all others stay what they are. */
import { createPrng, type Prng } from './prng.js'
import type { Step } from './schedule.js'

/** Of the seeds, for each of them. */
const SHARE = 1 / 6
/** Such a step before each of so many. */
const STEP_SHARE = 0.08

/** What a schedule of this seed has of it; nothing for most. */
export function drawRare<T>(seed: number, concern: string, draw: (random: Prng) => T): T | null {
  const random = createPrng(seed, concern)
  return random.chance(SHARE) ? draw(random) : null
}

/** Steps between those that are there. */
export function withBetween(steps: readonly Step[], random: Prng, draw: (random: Prng) => Step): readonly Step[] {
  return steps.flatMap((step) => (random.chance(STEP_SHARE) ? [draw(random), step] : [step]))
}
