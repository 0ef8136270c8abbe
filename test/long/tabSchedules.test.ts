import { expect, test } from 'vitest'
import { runSchedule } from '../sync/tabSchedule.js'
import { seedRanges } from './seedRanges.js'

const SCHEDULES = Number(process.env['READBACK_SCHEDULES'] ?? 10_000)

test.each(seedRanges(SCHEDULES))('[A3] two tabs on one database through random schedules: seeds %i to %i', async (from, to) => {
  for (let seed = from; seed <= to; seed++) {
    const { faults, log } = await runSchedule(seed, 24)
    expect(faults, `seed ${seed}: ${log.join(' → ')}`).toEqual([])
  }
}, 900_000)
