import { expect, test } from 'vitest'
import { runBuildSchedule } from '../sync/buildSchedule.js'
import { seedRanges } from './seedRanges.js'

/** A fifth as many as of other schedules on a real database: each loads its tabs again and again. */
const SCHEDULES = Math.ceil(Number(process.env['READBACK_SCHEDULES'] ?? 10_000) / 5)

test.each(seedRanges(SCHEDULES))('[I30] an older and a newer build on one database through random schedules: seeds %i to %i', async (from, to) => {
  for (let seed = from; seed <= to; seed++) {
    const { faults, log } = await runBuildSchedule(seed, 24)
    expect(faults, `seed ${seed}: ${log.join(' → ')}`).toEqual([])
  }
}, 900_000)
