/** What only a share of the seeds does: each schedule breaks when the bug that it is named for is there. */
import { expect, it } from 'vitest'
import { runSchedule } from './run.js'
import type { Schedule, Step } from './schedule.js'

const looks = (times: number, ms: number): Step[] => Array.from({ length: times }, () => ({ after: ms, do: 'wait', ms: 0 }))
const WORLD = { latencyMs: 5, seeded: 4 } as const
const TABS = { locks: true, channel: true, trouble: 0 } as const
const MESSAGE = { scope: 'message', sparse: false, late: false, garbled: false } as const
/** Bob reads everything that he has, on one device. */
const BOB_READS: readonly Step[] = [{ after: 900, do: 'read', d: 2, c: 'team', from: 0, count: 30 }, { after: 60, do: 'read', d: 2, c: 'pair', from: 0, count: 30 }]

const SCHEDULES: Readonly<Record<string, Schedule>> = {
  '[RS32] of what was deleted for good nothing is left, and it is in nobody’s way': {
    ...WORLD, seed: 31, deletions: 'forGood', wire: { ...MESSAGE, scope: 'point' },
    steps: [{ after: 900, do: 'send', d: 0, c: 'team' }, { after: 60, do: 'send', d: 0, c: 'pair' }, { after: 60, do: 'react', d: 2, c: 'pair' }, { after: 900, do: 'delete', d: 0, c: 'pair' }, { after: 0, do: 'delete', d: 0, c: 'team' }, ...looks(3, 300), { after: 60, do: 'send', d: 4, c: 'team' }, ...BOB_READS, { after: 900, do: 'fresh', d: 3 }, { after: 900, do: 'restart', d: 0 }, ...looks(3, 900)],
  },
  '[RS32] nor is who had read it known any more, where that was archived': {
    ...WORLD, seed: 32, tabs: TABS, deletions: 'forGood', archiveAfterMs: 10_000,
    steps: [{ after: 900, do: 'send', d: 0, c: 'team' }, { after: 900, do: 'read', d: 2, c: 'team', from: 0.99, count: 1 }, ...looks(3, 20_000), { after: 900, do: 'delete', d: 0, c: 'team' }, ...looks(3, 900)],
  },
  '[RS32] nor is who reads it by a stretch around it': {
    ...WORLD, seed: 43, seeded: 40, tabs: TABS, deletions: 'forGood', archiveAfterMs: 30_000,
    steps: [{ after: 900, d: 3, t: 1, c: 'pair', do: 'delete' }, { after: 2_500, do: 'read', d: 3, t: 2, c: 'pair', from: 0.787, count: 1 }, ...looks(3, 900)],
  },
  '[RS24] whoever read what became bits stays a reader': {
    ...WORLD, seed: 33, tabs: TABS, archiveAfterMs: 10_000,
    steps: [{ after: 900, do: 'send', d: 0, c: 'team' }, { after: 60, do: 'send', d: 0, c: 'team' }, { after: 900, do: 'read', d: 2, c: 'team', from: 0.99, count: 1 }, { after: 900, do: 'read', d: 4, c: 'team', from: 0.99, count: 1 }, ...looks(4, 20_000), { after: 900, do: 'crash', d: 0 }, ...looks(3, 900)],
  },
  '[RS14] a direct conversation that is read message by message is not read as a prefix, nor a group that is read as one message by message': {
    ...WORLD, seed: 34, reading: { direct: 'perMessage', group: 'upTo', entering: 'dwell' },
    steps: [{ after: 900, do: 'read', d: 2, c: 'pair', from: 0.99, count: 1 }, { after: 900, do: 'read', d: 4, c: 'team', from: 0.99, count: 1 }, ...looks(3, 900)],
  },
  '[RD12] entering reads all that is here': {
    ...WORLD, seed: 35, reading: { direct: 'perMessage', group: 'perMessage', entering: 'all' },
    steps: [{ after: 900, do: 'enter', d: 2, c: 'pair' }, ...looks(3, 900)],
  },
  '[RS27] room is made of nothing that is unread, nor of what its author was not told of': {
    ...WORLD, seed: 36, seeded: 40, wire: MESSAGE,
    steps: [{ after: 20_000, do: 'read', d: 2, c: 'team', from: 0, count: 3 }, { after: 2_500, do: 'prune', d: 2, c: 'team', keptMs: 10_000 }, { after: 900, do: 'fault', on: 'report', action: 'drop', times: 3, delayMs: 400 }, { after: 0, do: 'read', d: 2, c: 'team', from: 0, count: 6 }, { after: 15, do: 'prune', d: 2, c: 'team', keptMs: 10_000 }, ...looks(3, 15_000), { after: 0, do: 'prune', d: 2, c: 'team', keptMs: 10_000 }, { after: 900, do: 'older', d: 2, c: 'team' }, ...looks(3, 900)],
  },
  '[RS27] room that is made where nobody can be asked leaves the count of single messages exact': {
    ...WORLD, seed: 39, wire: MESSAGE, catchUp: { how: 'none', history: false, receipts: 'fetch' },
    steps: [{ after: 900, do: 'send', d: 0, c: 'team' }, { after: 60, do: 'send', d: 4, c: 'team' }, { after: 900, do: 'read', d: 2, c: 'team', from: 0, count: 3 }, ...looks(1, 660_000), { after: 900, do: 'send', d: 2, c: 'team' }, ...looks(1, 15_000), { after: 900, do: 'prune', d: 3, c: 'team', keptMs: 10_000 }],
  },
  '[RS27] so does room that is made around what another device of mine has read': {
    ...WORLD, seed: 40, seeded: 0,
    steps: [{ after: 900, do: 'send', d: 3, c: 'team' }, { after: 900, do: 'send', d: 1, c: 'team' }, { after: 0, do: 'fault', on: 'event', action: 'refuse', times: 1, delayMs: 3_000 }, { after: 900, do: 'send', d: 3, c: 'team' }, { after: 2_500, do: 'read', d: 1, c: 'team', from: 0, count: 30 }, ...looks(1, 8_000), { after: 900, do: 'send', d: 3, c: 'team' }, ...looks(1, 5_000), { after: 60, do: 'prune', d: 0, c: 'team', keptMs: 10_000 }],
  },
  '[RS28] a file brings all that is in it, and who read that': {
    ...WORLD, seed: 37, seeded: 40,
    steps: [{ after: 900, do: 'older', d: 0, c: 'team' }, { after: 900, do: 'older', d: 0, c: 'team' }, { after: 900, do: 'off', d: 2 }, { after: 900, do: 'read', d: 4, c: 'team', from: 0, count: 20 }, { after: 2_500, do: 'carry', d: 0, c: 'team', to: 2 }, ...looks(3, 900), { after: 900, do: 'on', d: 2 }, { after: 900, do: 'carry', d: 0, c: 'pair', to: 1 }, ...looks(3, 900)],
  },
}

it.each(Object.entries(SCHEDULES))('%s', async (_, schedule) => {
  expect((await runSchedule(schedule)).error).toBeNull()
}, 60_000)
