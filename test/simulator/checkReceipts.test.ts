/** What chance seldom leaves alone for long enough of what is told, and of what is not: each schedule breaks when the bug that it is named for is there. */
import { expect, it } from 'vitest'
import { runSchedule } from './run.js'
import type { Schedule, Step } from './schedule.js'

const looks = (times: number, ms: number): Step[] => Array.from({ length: times }, () => ({ after: ms, do: 'wait', ms: 0 }))
const of = (...steps: readonly Step[]): Schedule => ({ seed: 11, latencyMs: 5, seeded: 4, steps })
/** Both devices of one person. */
const OFF: readonly Step[] = [2, 3].map((d): Step => ({ after: 900, do: 'receipts', d, to: 'off' }))

const SCHEDULES: Readonly<Record<string, Schedule>> = {
  '[I18] who tells nobody anything does not tell that a message came': of(...OFF, { after: 900, do: 'send', d: 0, c: 'pair' }, { after: 60, do: 'send', d: 4, c: 'team' }, ...looks(6, 900), { after: 60, do: 'read', d: 2, c: 'pair', from: 0.9, count: 3 }, { after: 60, do: 'view', d: 3, c: 'team', from: 0.9, count: 3 }, ...looks(6, 900)),
  '[I9] what failed is sent again when somebody asks for it, and not before': of(
    { after: 900, do: 'leave', user: 'cat' }, { after: 900, do: 'send', d: 4, c: 'team' }, ...looks(4, 900), { after: 900, do: 'drop', d: 4 }, { after: 900, do: 'crash', d: 4 }, { after: 900, do: 'discard', d: 4, c: 'team' }, ...looks(4, 3),
    { after: 900, do: 'send', d: 4, c: 'team' }, ...looks(2, 900), { after: 900, do: 'join', user: 'cat' }, { after: 900, do: 'retry', d: 4, c: 'team' }, ...looks(4, 3),
  ),
  '[I2] what a message says, and what was done to it, is the same everywhere': of({ after: 900, do: 'send', d: 0, c: 'team' }, { after: 900, do: 'react', d: 2, c: 'team' }, { after: 900, do: 'edit', d: 0, c: 'team' }, { after: 60, do: 'reply', d: 4, c: 'team' }, ...looks(2, 900)),
}

it.each(Object.entries(SCHEDULES))('%s', async (_, schedule) => {
  expect((await runSchedule(schedule)).error).toBeNull()
}, 60_000)
