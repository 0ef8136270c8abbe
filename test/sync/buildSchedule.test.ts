import { expect, it } from 'vitest'
import { runBuildSchedule } from './buildSchedule.js'

const SCHEDULES = Number(process.env['READBACK_SCHEDULES'] ?? 20)
const FIRST_SEED = Number(process.env['READBACK_SEED'] ?? 1)

it(`[I30] an older and a newer build on one database through ${SCHEDULES} random schedules: the older one writes nothing and says so, nothing hangs, nothing is lost`, async () => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SCHEDULES; seed++) {
    const { faults, log } = await runBuildSchedule(seed)
    expect(faults, `seed ${seed}: ${log.join(' → ')}`).toEqual([])
  }
}, 300_000)
