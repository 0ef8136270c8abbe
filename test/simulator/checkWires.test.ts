/** Wires that tell of reading once, and wires on which only time orders: each schedule breaks when the bug that it is named for is there. */
import { expect, it } from 'vitest'
import { runSchedule } from './run.js'
import type { Schedule, Step } from './schedule.js'

const looks = (times: number, ms: number): Step[] => Array.from({ length: times }, () => ({ after: ms, do: 'wait', ms: 0 }))
const WORLD = { latencyMs: 5, seeded: 4 } as const

/** Of several seeds where it depends on which message overtakes the other. */
const SCHEDULES: Readonly<Record<string, Schedule | readonly Schedule[]>> = {
  '[I24] what is told once is stored at once, and not when more has come': {
    ...WORLD, seed: 51, lostReceipts: 'news',
    steps: [{ after: 900, do: 'send', d: 0, c: 'team' }, ...looks(2, 900), ...[0.99, 0, 0.5, 0.3].flatMap((from) => [4, 2].map((d): Step => ({ after: 250, do: 'read', d, c: 'team', from, count: 1 }))), { after: 250, do: 'crash', d: 0 }, { after: 60, do: 'crash', d: 1 }, ...looks(2, 900)],
  },
  '[I24] what was read reaches the server, whoever is away, and who was away counts nothing of it': {
    ...WORLD, seed: 52, lostReceipts: 'whole',
    steps: [{ after: 900, do: 'off', d: 1 }, { after: 900, do: 'send', d: 0, c: 'team' }, ...looks(2, 900), { after: 0, do: 'read', d: 2, c: 'team', from: 0.99, count: 1 }, ...looks(2, 900), { after: 0, do: 'on', d: 1 }, { after: 900, do: 'read', d: 4, c: 'team', from: 0, count: 2 }, ...looks(3, 900)],
  },
  '[RS18] where only time orders, nothing is told over what may be late, nor between messages of one moment': [5, 7, 15, 19].map((seed) => ({
    ...WORLD, seed, latencyMs: 0, wire: { scope: 'ranges', sparse: true, late: true, garbled: false, timing: 'shared' },
    steps: [{ after: 1, do: 'send', d: 2, c: 'team' }, { after: -1, do: 'send', d: 3, c: 'team' }],
  })),
}

it.each(Object.entries(SCHEDULES))('%s', async (_, schedule) => {
  for (const each of [schedule].flat()) expect((await runSchedule(each)).error).toBeNull()
}, 60_000)
