/** Lists on screen that chance seldom leaves alone for long enough: each schedule breaks when the bug that it is named for is there. */
import { expect, it } from 'vitest'
import { runSchedule } from './run.js'
import type { PageAct, Schedule, Step } from './schedule.js'

const page = (after: number, act: PageAct, at = 1, ms = 20_000): Step => ({ after, do: 'page', act, at, ms, d: 2, c: 'team' })
const read = (after: number, from: number, count = 1): Step => ({ after, do: 'read', d: 2, c: 'team', from, count })
const looks = (times: number, ms: number): Step[] => Array.from({ length: times }, () => ({ after: ms, do: 'wait', ms: 0 }))
const of = (...steps: readonly Step[]): Schedule => ({ seed: 3, latencyMs: 5, seeded: 40, steps })
const inFours = (...steps: readonly Step[]): Schedule => ({ ...of(...steps), batch: 4 })
/** All history is here. */
const OLDER: readonly Step[] = Array.from({ length: 4 }, () => ({ after: 900, do: 'older', d: 2, c: 'team' }))
const EVERYWHERE = Array.from({ length: 21 }, (_, n) => n / 20)

const SCHEDULES: Readonly<Record<string, Schedule>> = {
  '[I13] a machine that sleeps reads nothing': of(page(60, 'open'), page(250, 'sleep'), ...looks(12, 2_000)),
  '[I12] nor does it hear of anything until it wakes': of(page(60, 'open'), page(250, 'sleep', 1, 2_000), page(250, 'front'), ...looks(8, 500)),
  '[I14] nor is anything read meanwhile': of(page(60, 'open'), page(700, 'sleep', 1, 2_000), page(250, 'front'), ...looks(8, 500)),
  '[I13] nor do timers that come once a second': of(page(60, 'open'), page(60, 'slow'), ...looks(30, 400)),
  '[I14] nothing is read under what lies over it': of(page(60, 'open'), page(60, 'cover', 0), ...looks(5, 500)),
  '[I14] nor is what lies over a part': of(...EVERYWHERE.flatMap((at) => [page(60, 'open', at), page(0, 'cover', 0.5), ...looks(3, 500)])),
  '[I14] nor in a tab behind': of(page(60, 'open'), page(60, 'hide'), ...looks(5, 500)),
  '[I14] nor behind another window': of(page(60, 'open'), page(60, 'blur'), ...looks(5, 500)),
  '[I14] nor while the list jumps': of(page(60, 'open'), page(60, 'jump', 0.5), ...looks(5, 500)),
  '[I14] nor a grey box where a picture will be': of(page(60, 'open'), page(60, 'load'), ...looks(5, 500)),
  '[I12] [I14] at every place what is in sight is read, and nothing else': of(...OLDER, ...EVERYWHERE.flatMap((at) => [page(60, 'scroll', at), ...looks(3, 500)])),
  '[I12] nor is anything that a scroll stays at too shortly': of(...OLDER, ...[...EVERYWHERE, ...EVERYWHERE].map((at) => page(250, 'scroll', at))),
  '[I12] what is seen again and again is read when its time is full': of(page(60, 'open'), ...Array.from({ length: 8 }, () => [page(300, 'hide'), page(900, 'front')]).flat(), page(300, 'blur'), page(60, 'front'), ...looks(2, 400)),
  '[I17] what waits leaves when the page is hidden': of(page(60, 'open'), ...looks(2, 450), page(15, 'hide'), ...looks(3, 100)),
  '[I17] as much as fits in a report leaves at once': inFours(read(900, 0, 3), read(60, 0.3, 6), ...looks(3, 60)),
  '[I17] who reads on and on is told of every second': of(...OLDER, ...EVERYWHERE.map((at) => read(250, at))),
  '[I17] what was read offline leaves with the line': of({ after: 900, do: 'off', d: 2 }, read(60, 0, 3), ...looks(3, 500), { after: 60, do: 'on', d: 2 }, ...looks(6, 500)),
}

it.each(Object.entries(SCHEDULES))('%s', async (_, schedule) => {
  expect((await runSchedule(schedule)).error).toBeNull()
}, 60_000)
