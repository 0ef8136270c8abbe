/** Schedules in which people share a device: each ends in seconds, and breaks when the bug that it is named for is there. */
import { expect, it } from 'vitest'
import { runSchedule } from './run.js'
import type { Schedule, Step } from './schedule.js'

const TABS = { locks: true, channel: true, trouble: 0 } as const
const WORLD = { latencyMs: 5, seeded: 4, tabs: TABS, accounts: true } as const
const looks = (times: number, ms: number): Step[] => Array.from({ length: times }, () => ({ after: ms, do: 'wait', ms: 0 }))
const at = (after: number, t = 0) => ({ after, d: 0, t }) as const
/** Unfinished words, a choice of who is told, two messages that wait for a line, and something read. */
const LEFT_UNDONE: readonly Step[] = [
  { ...at(900), do: 'draft', c: 'team' }, { ...at(0), do: 'receipts', to: 'private' }, { ...at(900), do: 'off' },
  { ...at(15), do: 'send', c: 'pair' }, { ...at(-1, 1), do: 'send', c: 'team' }, { ...at(15), do: 'read', c: 'team', from: 0, count: 3 },
]
const DEEDS: readonly Step[] = [{ ...at(0), do: 'on' }, { ...at(900), do: 'send', c: 'team' }, { ...at(900), do: 'read', c: 'team', from: 0, count: 30 }, { ...at(15), do: 'draft', c: 'team' }]

const SCHEDULES: Readonly<Record<string, Schedule>> = {
  '[I26] who comes after somebody who left everything there finds nothing of it, and the first one all of it': {
    ...WORLD, seed: 21,
    steps: [...LEFT_UNDONE, { ...at(-1), do: 'signOut', data: 'keep' }, { ...at(900), do: 'signIn', user: 'cat' }, ...looks(4, 300), ...DEEDS, { ...at(900), do: 'signOut', data: 'keep' }, { ...at(900), do: 'signIn', user: 'ann' }, ...looks(8, 900)],
  },
  '[I26] who comes after somebody who had everything deleted finds nothing of it, nor does that one': {
    ...WORLD, seed: 22,
    steps: [...LEFT_UNDONE, { ...at(15), do: 'signOut', data: 'wipe' }, ...looks(4, 300), { ...at(900), do: 'signIn', user: 'bob' }, ...DEEDS, ...looks(4, 300), { ...at(900), do: 'signOut', data: 'wipe' }, { ...at(900), do: 'signIn', user: 'ann' }, ...looks(8, 900)],
  },
  '[I26] two people in tabs of their own: neither hears the other, and one signs out alone': {
    ...WORLD, seed: 23,
    steps: [{ ...at(0, 1), do: 'signIn', user: 'cat' }, ...looks(4, 300), { ...at(0, 1), do: 'send', c: 'team' }, { ...at(0, 2), do: 'send', c: 'pair' }, { ...at(900, 1), do: 'signOut', data: 'keep' }, ...looks(10, 300)],
  },
  '[I26] where tabs have no channel, they find in a row that somebody signed out': {
    ...WORLD, seed: 24, tabs: { ...TABS, channel: false },
    steps: [{ ...at(900), do: 'signOut', data: 'keep' }, ...looks(30, 1_000)],
  },
  '[I26] and those under which the rows were deleted do not fetch them again': {
    ...WORLD, seed: 26, tabs: { ...TABS, channel: false },
    steps: [{ ...at(900), do: 'signOut', data: 'wipe' }, ...looks(30, 1_000)],
  },
  '[I26] a frozen tab keeps the rows from being deleted until it wakes, and has signed out then': {
    ...WORLD, seed: 25,
    steps: [...LEFT_UNDONE, { ...at(0, 2), do: 'freeze' }, { ...at(15), do: 'signOut', data: 'wipe' }, ...looks(8, 900), { ...at(900), do: 'signIn', user: 'bob' }, ...DEEDS, { ...at(900, 2), do: 'wake' }, ...looks(24, 900)],
  },
}

it.each(Object.entries(SCHEDULES))('%s', async (_, schedule) => {
  expect((await runSchedule(schedule)).error).toBeNull()
}, 60_000)
