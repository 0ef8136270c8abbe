import { expect, it } from 'vitest'
import { runBuildSchedule } from './buildSchedule.js'

const ALONE = process.env['READBACK_SEED']
/** Many are run by `test/long`. */
const SCHEDULES = ALONE === undefined ? 20 : 1
const FIRST_SEED = Number(ALONE ?? 1)

it(`[I30] an older and a newer build on one database through ${SCHEDULES} random schedules: the older one writes nothing and says so, nothing hangs, nothing is lost`, async () => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SCHEDULES; seed++) {
    const { faults, log } = await runBuildSchedule(seed)
    expect(faults, `seed ${seed}: ${log.join(' → ')}`).toEqual([])
  }
}, 300_000)
