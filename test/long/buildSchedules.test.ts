import { expect, test } from 'vitest'
import { runBuildSchedule } from '../sync/buildSchedule.js'

/** A fifth as many as of other schedules on a real database: each loads its tabs again and again. */
const SCHEDULES = Math.ceil(Number(process.env['READBACK_SCHEDULES'] ?? 10_000) / 5)
const FIRST_SEED = 1_000

test(`[I30] an older and a newer build on one database through ${SCHEDULES} random schedules`, async () => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SCHEDULES; seed++) {
    const { faults, log } = await runBuildSchedule(seed, 24)
    expect(faults, `seed ${seed}: ${log.join(' → ')}`).toEqual([])
  }
}, 3_600_000)
