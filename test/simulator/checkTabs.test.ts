/** Schedules that reach what chance seldom does: each ends in seconds, and breaks when the bug that it is named for is there. */
import { expect, it } from 'vitest'
import { runSchedule } from './run.js'
import type { Schedule, Step } from './schedule.js'

const TABS = { locks: true, channel: true, trouble: 0 } as const
const looks = (times: number, ms: number): Step[] => Array.from({ length: times }, () => ({ after: ms, do: 'wait', ms: 0 }))
const fault = (on: 'send', action: 'refuse', times: number): Step => ({ after: 0, do: 'fault', on, action, times, delayMs: 50 })

const SCHEDULES: Readonly<Record<string, Schedule>> = {
  '[I25] a send that is refused again and again is tried with growing waits, and not before they are over': {
    seed: 3, latencyMs: 5, seeded: 0, tabs: TABS,
    steps: [fault('send', 'refuse', 8), { after: 0, do: 'send', d: 0, t: 0, c: 'pair' }, ...looks(60, 12), ...looks(60, 200)],
  },
  '[I25] being offline burns no try': {
    seed: 4, latencyMs: 5, seeded: 0, tabs: TABS,
    steps: [{ after: 0, do: 'off', d: 0 }, { after: 0, do: 'send', d: 0, t: 0, c: 'pair' }, ...looks(20, 2_000), { after: 0, do: 'on', d: 0 }],
  },
  '[I25] what is refused for good is not counted as waiting': {
    seed: 5, latencyMs: 5, seeded: 4, tabs: TABS,
    steps: [{ after: 0, do: 'leave', user: 'cat' }, { after: 900, do: 'send', d: 4, t: 0, c: 'team' }, { after: 900, do: 'wait', ms: 2_000 }],
  },
  '[I28] a handle that dies in any tab is told of, and replaced': {
    seed: 6, latencyMs: 5, seeded: 4, tabs: TABS,
    steps: [0, 1, 2].flatMap((t): Step[] => [{ after: 60, do: 'disk', d: 0, t, trouble: 'dead', times: 2 }, { after: 0, do: 'send', d: 0, t, c: 'pair' }, ...looks(8, 100)]),
  },
  '[I29] [I32] a tab that opens on a slow disk says that it opens, and shows nothing that it has not read': {
    seed: 7, latencyMs: 5, seeded: 4, tabs: TABS,
    steps: [{ after: 0, do: 'crashTab', d: 0, t: 1 }, { after: 900, do: 'openTab', d: 0, t: 1 }, { after: -1, do: 'disk', d: 0, t: 1, trouble: 'slow', times: 3 }, ...looks(30, 500)],
  },
  '[I34] a database that the browser throws away under three tabs is noticed by each, and unread is what the server says again': {
    seed: 9, latencyMs: 5, seeded: 4, tabs: TABS,
    steps: [{ after: 900, do: 'read', d: 0, t: 0, c: 'team', from: 0, count: 1 }, { after: 2_500, do: 'receipts', d: 0, t: 1, to: 'off' }, { after: 900, do: 'evict', d: 0 }, { after: -1, do: 'send', d: 0, t: 1, c: 'team' }, ...looks(8, 300), { after: 900, do: 'evict', d: 0 }, { after: 0, do: 'receipts', d: 0, t: 2, to: 'private' }, ...looks(8, 300), { after: 900, do: 'receipts', d: 0, t: 1, to: 'public' }, { after: 900, do: 'send', d: 2, t: 0, c: 'team' }],
  },
  '[I34] and by one that cannot write at that moment, once it can': {
    seed: 500069, latencyMs: 40, seeded: 4, tabs: TABS,
    steps: [{ after: -1, d: 2, t: 2, do: 'freeze' }, { after: 2500, d: 2, t: 2, do: 'disk', trouble: 'abort', times: 2 }, { after: 60, d: 2, t: 1, do: 'evict' }, { after: 900, do: 'read', d: 0, t: 0, c: 'team', from: 0.7133815951782729, count: 3 }],
  },
  '[I34] and by one whose disk is full before there is a new handle': {
    seed: 500137, latencyMs: 0, seeded: 40, tabs: { ...TABS, trouble: 0.2 },
    steps: [{ after: 60, d: 4, t: 1, do: 'disk', trouble: 'full', times: 3 }, { after: 60, d: 4, t: 2, do: 'evict' }, { after: 2500, do: 'read', d: 4, t: 2, c: 'team', from: 0.5014770561829209, count: 18 }],
  },
  '[I33] a row that nobody can read goes to quarantine, and one with a field that nobody knows keeps it, edited, reacted to and recalled': {
    seed: 10, latencyMs: 5, seeded: 4, tabs: TABS,
    steps: [{ after: 900, do: 'send', d: 0, t: 0, c: 'team' }, { after: 900, do: 'foreign', d: 0, t: 0, c: 'team' }, ...(['edit', 'react', 'reply', 'recall'] as const).map((what): Step => ({ after: 900, do: what, d: 0, t: 1, c: 'team' })), { after: 900, do: 'drop', d: 0 }, { after: 900, do: 'read', d: 2, t: 0, c: 'team', from: 0, count: 30 }, { after: 900, do: 'crash', d: 0 }, ...looks(4, 900)],
  },
  '[I29] a tab is open in time': {
    seed: 8, latencyMs: 5, seeded: 4, tabs: TABS,
    steps: [{ after: 0, do: 'crashTab', d: 0, t: 1 }, { after: 900, do: 'openTab', d: 0, t: 1 }, ...looks(12, 300)],
  },
}

it.each(Object.entries(SCHEDULES))('%s', async (_, schedule) => {
  expect((await runSchedule(schedule)).error).toBeNull()
}, 60_000)
