/**
 * Tests the tests, thoroughly: every place in `src/receipts` and `src/reading` where the code decides or counts is changed, one at a time, in a copy,
 * and some test has to fail. Nine of ten must be noticed, of each folder; those that cannot be are listed in `equivalentMutants.mjs` with the reason.
 *
 * `node test/long/mutants.mjs [parts of paths]`; `READBACK_MUTANTS` = how many, spread evenly (all by default). `npm run test:long` runs them all.
 */
import { fork } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { root } from '../tools/entries.mjs'
import { copySources } from './copySources.mjs'
import { equivalents, isEquivalent, staleEquivalents } from './equivalentMutants.mjs'
import { sharesOf } from './mutantShares.mjs'
import { mutantsOf } from './mutate.mjs'

/** After so many mutants the sound code is tried again. */
const BATCH = 100
/** Of a hundred, in each folder. */
const LEAST_KILLED = 90
/** Tests that use each folder, in groups; before them come those that mirror the changed file. */
const USERS = {
  'src/receipts': [['test/receipts', 'test/store/readStateSource.test.ts'], ['test/sync/receiptRules.test.ts', 'test/sync/reading.test.ts', 'test/client/receiptSettings.test.ts']],
  'src/reading': [['test/reading'], ['test/react/useDwellRead.test.tsx']],
}
export const FOLDERS = Object.keys(USERS)
/** A group that uses so many times the processor time that it needs for the sound code goes round in circles. */
const PATIENCE = 3
/** What mirrors the changed file: milliseconds of the processor. */
const OWN_PATIENCE_MS = 10_000

/** Of every file of both folders. */
export function allMutants() {
  const files = FOLDERS.flatMap((folder) => readdirSync(join(root, folder)).map((file) => `${folder}/${file}`))
  return files.flatMap((file) => mutantsOf(file, readFileSync(join(root, file), 'utf8')))
}

/** @param parts - of the files' paths; all by default */
export async function mutants(...parts) {
  const started = performance.now()
  const every = allMutants()
  for (const { file, code, from, to } of staleEquivalents(every)) throw new Error(`What is said to change nothing is no mutant: ${file}: ${code} ${from} → ${to}`)
  const all = every.filter(({ file }) => parts.length === 0 || parts.some((part) => file.includes(part)))
  const tried = spread(all.filter((mutant) => !isEquivalent(mutant)), Number(process.env.READBACK_MUTANTS ?? Infinity))
  process.stdout.write(`\n── ${tried.length} of ${all.length} mutants\n`)
  const batches = batchesOf(tried)
  const survivors = []
  let done = 0
  const lane = async () => {
    const copy = copySources('mutants')
    try {
      for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
        survivors.push(...(await survivorsOf(batch, copy)))
        done += batch.length
        process.stdout.write(`   ${done} tried, ${survivors.length} survived (${seconds(started)} s)\n`)
      }
    } finally {
      rmSync(copy, { recursive: true, force: true })
    }
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), batches.length) }, lane))
  const shares = sharesOf(FOLDERS, tried, survivors, LEAST_KILLED)
  for (const { folder, killed, total, percent, isEnough } of shares) process.stdout.write(`   ${isEnough ? '' : 'TOO FEW '}${folder}: ${killed} of ${total} killed, ${percent.toFixed(1)} %\n`)
  process.stdout.write(`── mutants: ${tried.length - survivors.length} of ${tried.length} killed, ${equivalents.length} known to be the same (${seconds(started)} s)\n`)
  const failed = shares.filter(({ isEnough }) => !isEnough).length
  return { name: 'mutants', passed: shares.length - failed, failed, skipped: [], seconds: (performance.now() - started) / 1000 }
}

/** One process tries them one after the other: to start it takes longer than most need. The sound code before and after them shows that nothing of one is left in the next. */
async function survivorsOf(batch, copy) {
  const survivors = []
  let runner = startRunner(copy)
  try {
    const patience = await patienceOf(runner)
    for (const mutant of batch) {
      const path = join(copy, mutant.file)
      writeFileSync(path, mutant.text)
      const { answer } = await runner.ask(groupsOf(mutant.file, patience))
      writeFileSync(path, mutant.sound)
      if (answer === 'killed') continue
      process.stdout.write(`${answer} ${describe(mutant)}\n`)
      if (answer === 'survived') survivors.push(mutant)
      // It is still at it, or gone.
      else runner = startRunner(copy, runner)
    }
    await patienceOf(runner)
  } finally {
    runner.stop()
  }
  return survivors
}

function batchesOf(tried) {
  return Array.from({ length: Math.ceil(tried.length / BATCH) }, (_, n) => tried.slice(n * BATCH, (n + 1) * BATCH))
}

/** By folder, what each group may use; what fails without any change would kill every mutant. */
async function patienceOf(runner) {
  const patience = {}
  for (const folder of FOLDERS) {
    const { answer, usedMs } = await runner.ask(USERS[folder].map((tests) => ({ tests, mostMs: Infinity })))
    if (answer !== 'survived') throw new Error(`Some test of ${USERS[folder].join(', ')} fails without any change, so mutants prove nothing. Run them first.`)
    patience[folder] = usedMs.map((used) => PATIENCE * used)
  }
  return patience
}

const seconds = (started) => ((performance.now() - started) / 1000).toFixed(0)
const describe = ({ file, line, from, to }) => `${file}:${line}  ${from}  →  ${to}`

function spread(all, most) {
  if (all.length <= most) return all
  return Array.from({ length: most }, (_, n) => all[Math.floor((n * all.length) / most)])
}

/** First the tests that mirror the file, then all that use it. */
function groupsOf(file, patience) {
  const folder = dirname(file)
  const own = `${folder.replace('src', 'test')}/${basename(file, '.ts')}.test.ts`
  return [{ tests: [own], mostMs: OWN_PATIENCE_MS }, ...USERS[folder].map((tests, n) => ({ tests, mostMs: patience[folder][n] }))]
}

/** A process that runs tests for one mutant after the other. */
function startRunner(copy, before) {
  before?.stop()
  const child = fork(fileURLToPath(new URL('mutantRunner.mjs', import.meta.url)), [copy], { cwd: copy, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced', env: { ...process.env, VITEST: 'true', READBACK_CASES: '30', NODE_OPTIONS: '' } })
  return {
    ask: (task) =>
      new Promise((resolve) => {
        // It ran out of memory.
        const gone = () => resolve({ answer: 'ended the process' })
        child.once('exit', gone)
        child.once('message', (answer) => {
          child.off('exit', gone)
          resolve(answer)
        })
        child.send(task)
      }),
    stop: () => child.kill('SIGKILL'),
  }
}

// Alone: `node test/long/mutants.mjs`.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { failed } = await mutants(...process.argv.slice(2))
  process.exitCode = failed === 0 ? 0 : 1
}
