/** `npm run test:long`: what takes minutes. Prints what it holds, then runs it. `READBACK_RUNS` = how many cases each property tries (default 50,000), `READBACK_SCHEDULES` = how many random schedules each of those runs that runs any (10,000), `READBACK_SIMULATIONS` = how many the simulator runs, if not as many. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../tools/entries.mjs'
import { reading } from '../integration/reading.mjs'
import { LONG, storage } from '../integration/storage.mjs'
import { summarise, vitest } from '../tools/run.mjs'
import { coverage } from './coverage.mjs'
import { mutants } from './mutants.mjs'
import { planted } from './planted.mjs'
import { engines } from './engines.mjs'
import { rounds } from './rounds.mjs'
import { schedules } from './schedules.mjs'

process.env.READBACK_RUNS ??= '50000'
/** How long a thousand messages come into a tab that nobody sees. */
const HIDDEN_MS = Number(process.env.READBACK_HIDDEN_MS ?? 600_000)

const files = readdirSync(join(root, 'test/long')).filter((file) => /\.test\.tsx?$/.test(file))
process.stdout.write(`Holds, with ${process.env.READBACK_RUNS} cases a property:\n${[...files, 'schedules.mjs'].map((file) => `  test/long/${file}`).join('\n')}\n`)
summarise([await vitest('long', ['--project', 'long']), ...(await schedules()), await rounds(), ...(await engines()), ...(await storage(LONG)), ...(await coverage()), await planted(), await mutants(), await reading({ timelines: 1_000, browsers: 4, hiddenMs: HIDDEN_MS, timing: true })])
