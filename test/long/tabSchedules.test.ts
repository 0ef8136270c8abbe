import { expect, test } from 'vitest'
import { runSchedule } from '../sync/tabSchedule.js'

const SCHEDULES = Number(process.env['READBACK_SCHEDULES'] ?? 10_000)
const FIRST_SEED = 1_000

test(`[A3] two tabs on one database through ${SCHEDULES} random schedules`, async () => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SCHEDULES; seed++) {
    const { faults, log } = await runSchedule(seed, 24)
    expect(faults, `seed ${seed}: ${log.join(' → ')}`).toEqual([])
  }
}, 3_600_000)
