/**
 * [A1] Schedules of five devices, with one tab each and with three, and with people who sign out of one and others who sign in, every rule checked after every step, on all cores.
 * The simulator is bundled once, outside the repository; each process then runs one seed after the other.
 *
 * `node test/long/schedules.mjs [--tabs 1|3 | --accounts] [--first SEED] [--count N] [--steps N]`; `READBACK_SIMULATIONS` = how many of either number of tabs (as many as `READBACK_SCHEDULES`, 10,000; a fifth as many with accounts), `FIRST_SEED` = where to begin.
 * [A2] is a million of them; `READBACK_SCHEDULES` would ask for as many on a real database besides, which takes days.
 */
import { fork } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'vite'
import { entries, root } from '../tools/entries.mjs'
import { summarise } from '../tools/run.mjs'

const COUNT = process.env.READBACK_SIMULATIONS ?? process.env.READBACK_SCHEDULES ?? '10000'
const FIRST = process.env.FIRST_SEED ?? '100000'
const STEPS = '200'
/** @typedef {{ readonly name: string, readonly option: string, readonly says: string, readonly shape: object, readonly share: number }} Kind `option`: what asks for it alone. `share`: of the number that is asked for. */
/** @type {readonly Kind[]} */
const KINDS = [
  { name: '1', option: '--tabs 1', says: 'one tab a device', shape: {}, share: 1 },
  { name: '3', option: '--tabs 3', says: 'three tabs a device', shape: { tabs: true }, share: 1 },
  { name: 'accounts', option: '--accounts', says: 'three tabs a device and people who sign out of it, and others in,', shape: { accounts: true }, share: 0.2 },
]
/** So many failures are made as short as they can be; of the others the seed says enough. */
const MOST_SHRUNK = 5
/** Without an answer for so long, a schedule goes round in circles; what fails is tried a few hundred times to make it short. */
const SILENT_MS = 1_800_000
/** A process that has run so many makes room for a new one. */
const MOST_A_PROCESS = 1_000
const PROGRESS_MS = 60_000
/** A schedule makes much that lives for one step: with more room for what is young, a tenth less time goes into gathering it. There is one on each core: threads beside it only take from the others. */
const YOUNG_MB = 64

/**
 * @param {{ kinds?: Kind[], first?: number, count?: number, steps?: number }} [wanted]
 * @returns {Promise<import('../tools/run.mjs').Outcome[]>} one for each kind
 */
export async function schedules({ kinds = KINDS, first = Number(FIRST), count = Number(COUNT), steps = Number(STEPS) } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'readback-schedules-'))
  try {
    await bundle(folder)
    const outcomes = []
    for (const kind of kinds) outcomes.push(await runKind(folder, { kind, first, count: Math.ceil(count * kind.share), steps }))
    return outcomes
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** One file a process instead of a test runner's modules: calls between them cost nothing. */
function bundle(folder) {
  return build({
    configFile: false, root, logLevel: 'warn', ssr: { noExternal: true },
    resolve: { alias: entries.map(({ name, source }) => ({ find: new RegExp(`^${name}$`), replacement: join(root, source) })) },
    build: { ssr: join(root, 'test/simulator/run.ts'), outDir: folder, emptyOutDir: true, minify: false, target: 'node20', rolldownOptions: { output: { entryFileNames: 'run.mjs' } } },
  })
}

async function runKind(folder, { kind, first, count, steps }) {
  const name = `[A1] ${count} schedules of ${steps} steps with ${kind.says} from seed ${first}`
  const kept = join(tmpdir(), `readback-failing-schedules-${kind.name}-${first}-${process.pid}.txt`)
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  const tell = (text) => process.stdout.write(`${text}\n`)
  tell(`\n── ${name}`)
  let next = first
  let done = 0
  let failed = 0
  const progress = setInterval(() => tell(`   ${done} done, ${failed} failed (${seconds().toFixed(0)} s)`), PROGRESS_MS)

  async function work() {
    let runner = null
    for (let n = 0; next < first + count; n += 1) {
      if (n % MOST_A_PROCESS === 0) {
        runner?.stop()
        runner = null
      }
      runner ??= startRunner(folder)
      const seed = next++
      const replay = `node test/long/schedules.mjs ${kind.option} --first ${seed} --count 1 --steps ${steps}`
      const answer = await runner.ask({ seed, shape: { length: steps, ...kind.shape }, isShrunk: failed < MOST_SHRUNK })
      done += 1
      if (answer.broken) runner = null
      if (answer.failure === null) continue
      failed += 1
      const failure = `${answer.failure}\nAlone: ${replay}`
      appendFileSync(kept, `${failure}\n\n`)
      tell(`FAILED ${failure}\n   kept in ${kept}`)
    }
    runner?.stop()
  }

  await Promise.all(Array.from({ length: Math.min(availableParallelism(), count) }, work))
  clearInterval(progress)
  tell(`── ${name}: ${done - failed} passed, ${failed} failed (${seconds().toFixed(1)} s)${failed > 0 ? `, kept in ${kept}` : ''}`)
  return { name, passed: done - failed, failed, skipped: [], seconds: seconds() }
}

/** A process for one schedule after the other. One that dies or never answers has failed. */
function startRunner(folder) {
  const child = fork(fileURLToPath(new URL('scheduleRunner.mjs', import.meta.url)), [join(folder, 'run.mjs')], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [`--max-semi-space-size=${YOUNG_MB}`, '--single-threaded'] })
  return {
    ask: (task) =>
      new Promise((resolve) => {
        const end = (answer) => {
          clearTimeout(timer)
          child.removeAllListeners()
          resolve(answer)
        }
        const breakDown = (how) => {
          child.kill('SIGKILL')
          end({ broken: true, failure: `Seed ${task.seed} ${how}: ${JSON.stringify(task.shape)}` })
        }
        const timer = setTimeout(() => breakDown(`has not ended after ${SILENT_MS / 1000} s`), SILENT_MS)
        child.once('message', (failure) => end({ broken: false, failure }))
        child.once('exit', (code, signal) => breakDown(`ended its process (${code ?? signal})`))
        child.send(task)
      }),
    stop: () => child.kill('SIGKILL'),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { tabs: { type: 'string' }, accounts: { type: 'boolean', default: false }, first: { type: 'string', default: FIRST }, count: { type: 'string', default: COUNT }, steps: { type: 'string', default: STEPS } } })
  if (values.tabs !== undefined && !['1', '3'].includes(values.tabs)) throw new Error('--tabs is 1 or 3; without it, both are run.')
  const wanted = values.accounts ? 'accounts' : values.tabs
  summarise(await schedules({ ...(wanted === undefined ? {} : { kinds: KINDS.filter(({ name }) => name === wanted).map((kind) => ({ ...kind, share: 1 })) }), first: Number(values.first), count: Number(values.count), steps: Number(values.steps) }))
}
