import { expect, it } from 'vitest'
import { runSchedule } from './tabSchedule.js'

const ALONE = process.env['READBACK_SEED']
/** Many are run by `test/long`. */
const SCHEDULES = ALONE === undefined ? 30 : 1
const FIRST_SEED = Number(ALONE ?? 1)

it(`[A3] two tabs on one database through ${SCHEDULES} random schedules: nothing lost, nothing twice, both agree`, async () => {
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SCHEDULES; seed++) {
    const { faults, log } = await runSchedule(seed)
    expect(faults, `seed ${seed}: ${log.join(' → ')}`).toEqual([])
  }
}, 300_000)
