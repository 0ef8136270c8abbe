import { expect, test } from 'vitest'
import { failuresOf, runSchedule } from '../simulator/run.js'
import { makeSchedule } from '../simulator/schedule.js'

/** Schedules of five devices, with one tab each and with three, every rule checked after every step; `READBACK_SCHEDULES` says how many of either, `FIRST_SEED` where to begin. */
const SCHEDULES = Number(process.env['READBACK_SCHEDULES'] ?? 10_000)
const FIRST = Number(process.env['FIRST_SEED'] ?? 100_000)
const CHUNK = 500
const STEPS = 200

for (const tabs of [false, true]) for (let first = FIRST; first < FIRST + SCHEDULES; first += CHUNK) {
  const count = Math.min(CHUNK, FIRST + SCHEDULES - first)
  test(`[A1] ${count} schedules of ${STEPS} steps with ${tabs ? 'three tabs' : 'one tab'} a device from seed ${first} keep every rule after every step, and agree in the end`, async () => {
    expect((await failuresOf(first, count, { most: 3, length: STEPS, tabs })).join('\n\n')).toBe('')
  }, 7_200_000)
}

test.each([false, true])('[A5] a hundred replays of a seed give the same bytes (three tabs: %s)', async (tabs) => {
  const once = await runSchedule(makeSchedule(7, { tabs }))
  expect(once.error).toBeNull()
  for (let again = 0; again < 100; again += 1) expect((await runSchedule(makeSchedule(7, { tabs }))).trace).toBe(once.trace)
}, 600_000)
