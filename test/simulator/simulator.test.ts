import { describe, expect, it } from 'vitest'
import { failuresOf, runSchedule } from './run.js'
import { makeSchedule } from './schedule.js'

/** One seed alone, to see a failure again; more and longer ones in `npm run test:long`. */
const SEED = process.env['SEED']
const [first, count] = SEED === undefined ? [1, Number(process.env['SCHEDULES'] ?? 40)] : [Number(SEED), 1]
const STEPS = Number(process.env['STEPS'] ?? 60)
/** Of the seeds, this many are also run with three tabs a device. */
const TAB_COUNT = SEED === undefined ? Math.ceil(count / 5) : 1
/** And as many with people who sign out, and others who sign in after them. */
const ACCOUNT_COUNT = TAB_COUNT

describe('five devices of three users, whatever happens', () => {
  it(`keep every rule after every step, and agree in the end: ${count} schedules of ${STEPS} steps from seed ${first}`, async () => {
    expect((await failuresOf(first, count, { length: STEPS })).join('\n\n')).toBe('')
  }, 600_000)

  it(`and with three tabs each, frozen, closed, robbed and deaf to each other: ${TAB_COUNT} schedules of ${STEPS} steps from seed ${first}`, async () => {
    expect((await failuresOf(first, TAB_COUNT, { length: STEPS, tabs: true })).join('\n\n')).toBe('')
  }, 600_000)

  it(`and where others sign in on the same device: ${ACCOUNT_COUNT} schedules of ${STEPS} steps and as many between from seed ${first}`, async () => {
    expect((await failuresOf(first, ACCOUNT_COUNT, { length: STEPS, accounts: true })).join('\n\n')).toBe('')
  }, 600_000)

  it('a seed replays to the same bytes', async () => {
    const once = await runSchedule(makeSchedule(7))
    const again = await runSchedule(makeSchedule(7))
    expect(once.error).toBeNull()
    expect(again.trace).toBe(once.trace)
  }, 60_000)
})
