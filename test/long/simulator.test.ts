import { expect, test } from 'vitest'
import { runSchedule } from '../simulator/run.js'
import { makeSchedule } from '../simulator/schedule.js'

test.each([false, true])('[A5] a hundred replays of a seed give the same bytes (three tabs: %s)', async (tabs) => {
  const once = await runSchedule(makeSchedule(7, { tabs }))
  expect(once.error).toBeNull()
  for (let again = 0; again < 100; again += 1) expect((await runSchedule(makeSchedule(7, { tabs }))).trace).toBe(once.trace)
}, 600_000)
