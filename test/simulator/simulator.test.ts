import { describe, expect, it } from 'vitest'
import { failuresOf, runSchedule } from './run.js'
import { makeSchedule } from './schedule.js'

/** One seed alone, to see a failure again; more of them in `npm run test:long`. */
const SEED = process.env['SEED']
const [first, count] = SEED === undefined ? [1, Number(process.env['SCHEDULES'] ?? 60)] : [Number(SEED), 1]

describe('five devices of three users, whatever happens', () => {
  it(`keep every rule after every step, and agree in the end: ${count} schedules from seed ${first}`, async () => {
    expect((await failuresOf(first, count)).join('\n\n')).toBe('')
  }, 600_000)

  it('a seed replays to the same bytes', async () => {
    const once = await runSchedule(makeSchedule(7))
    const again = await runSchedule(makeSchedule(7))
    expect(once.error).toBeNull()
    expect(again.trace).toBe(once.trace)
  }, 60_000)
})
