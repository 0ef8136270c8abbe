import { expect, test } from 'vitest'
import { failuresOf } from '../simulator/run.js'

/** Schedules of five devices, every rule checked after every step; `READBACK_SCHEDULES` says how many, `FIRST_SEED` where to begin. */
const SCHEDULES = Number(process.env['READBACK_SCHEDULES'] ?? 10_000)
const FIRST = Number(process.env['FIRST_SEED'] ?? 100_000)
const CHUNK = 500
const STEPS = 200

for (let first = FIRST; first < FIRST + SCHEDULES; first += CHUNK) {
  const count = Math.min(CHUNK, FIRST + SCHEDULES - first)
  test(`[A1] ${count} schedules of ${STEPS} steps from seed ${first} keep every rule after every step, and agree in the end`, async () => {
    expect((await failuresOf(first, count, { most: 3, length: STEPS })).join('\n\n')).toBe('')
  }, 3_600_000)
}
