/**
 * Tests the tests, thoroughly: every place in `src/receipts` and `src/reading` where the code decides or counts is changed, one at a time, in a copy,
 * and some test has to fail. Nine of ten must be noticed; those that cannot be are listed below with the reason.
 *
 * `node test/long/mutants.mjs [part of a path]`; `READBACK_MUTANTS` = how many, spread evenly (all by default). `npm run test:long` runs them all.
 */
import { fork } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { root } from '../tools/entries.mjs'
import { equivalents } from './equivalentMutants.mjs'
import { mutantsOf } from './mutate.mjs'

const FOLDERS = ['src/receipts', 'src/reading']
/** After so many mutants the sound code is tried again. */
const CLEAN_EVERY = 50
/** Of a hundred. */
const LEAST_KILLED = 90
/** So many times what all tests of the sound code take without an answer is noticed: something goes round in circles. */
const PATIENCE = 1.5
/** So many times that again before it is believed. */
const BUSY_PATIENCE = 4
/** For the sound code itself, milliseconds. */
const CLEAN_MS = 900_000

export async function mutants(part = '') {
  const started = performance.now()
  const all = FOLDERS.flatMap((folder) => readdirSync(join(root, folder)).map((file) => `${folder}/${file}`))
    .filter((file) => file.includes(part))
    .flatMap((file) => mutantsOf(file, readFileSync(join(root, file), 'utf8')))
  const tried = spread(all.filter((mutant) => !equivalents.some(isThe(mutant))), Number(process.env.READBACK_MUTANTS ?? Infinity))
  process.stdout.write(`\n── ${tried.length} of ${all.length} mutants\n`)
  const copy = mkdtempSync(join(tmpdir(), 'readback-mutants-'))
  const survivors = []
  let runner = null
  let patienceMs = CLEAN_MS
  try {
    for (const each of ['src', 'test', 'package.json', 'tsconfig.json', 'vite.config.ts']) cpSync(join(root, each), join(copy, each), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir')
    for (const [n, mutant] of tried.entries()) {
      // What fails without any change would kill every mutant.
      // A process of its own each: nothing of the one before is left in it.
      runner?.stop()
      runner = startRunner(copy)
      if (n % CLEAN_EVERY === 0) patienceMs = PATIENCE * (await requireClean(runner, copy))
      const path = join(copy, mutant.file)
      writeFileSync(path, mutant.text)
      const task = { path, tests: testsOf(mutant.file) }
      let answer = await runner.ask(task, patienceMs)
      if (answer === 'silent') {
        // A machine that has other things to do just now is slow, too: only what is silent with time enough goes round in circles.
        runner = startRunner(copy)
        answer = await runner.ask(task, BUSY_PATIENCE * patienceMs)
      }
      writeFileSync(path, mutant.sound)
      if (answer === 'survived') {
        survivors.push(mutant)
        process.stdout.write(`SURVIVED ${describe(mutant)}\n`)
      }
      if (answer === 'silent') {
        runner = null
        process.stdout.write(`went round in circles: ${describe(mutant)}\n`)
      }
      if ((n + 1) % 25 === 0) process.stdout.write(`   ${n + 1} tried, ${survivors.length} survived (${seconds(started)} s)\n`)
    }
  } finally {
    runner?.stop()
    rmSync(copy, { recursive: true, force: true })
  }
  const killed = tried.length - survivors.length
  const percent = tried.length === 0 ? 100 : (100 * killed) / tried.length
  process.stdout.write(`── mutants: ${killed} of ${tried.length} killed, ${percent.toFixed(1)} %, ${equivalents.length} known to be the same (${seconds(started)} s)\n`)
  const isEnough = percent >= LEAST_KILLED
  return { name: 'mutants', passed: isEnough ? 1 : 0, failed: isEnough ? 0 : 1, skipped: [], seconds: (performance.now() - started) / 1000 }
}

/** Resolves with how long it took, milliseconds. */
async function requireClean(runner, copy) {
  const started = performance.now()
  for (const folder of FOLDERS) {
    const answer = await runner.ask({ path: join(copy, folder, 'index.ts'), tests: testsOf(`${folder}/index.ts`) }, CLEAN_MS)
    if (answer !== 'survived') throw new Error(`Tests of ${folder} fail without any change, so mutants prove nothing. Run them first.`)
  }
  return performance.now() - started
}

const seconds = (started) => ((performance.now() - started) / 1000).toFixed(0)
const describe = ({ file, line, from, to }) => `${file}:${line}  ${from}  →  ${to}`
/** The line's own text names it, since line numbers move. */
const isThe = (mutant) => ({ file, code, from, to }) => mutant.file === file && mutant.code.includes(code) && mutant.from === from && mutant.to === to

function spread(all, most) {
  if (all.length <= most) return all
  return Array.from({ length: most }, (_, n) => all[Math.floor((n * all.length) / most)])
}

/** First those that mirror the file, then all that use it. */
function testsOf(file) {
  const name = basename(file, '.ts')
  return file.startsWith('src/reading')
    ? [[`test/reading/${name}.test.ts`], ['test/reading', 'test/react/useDwellRead.test.tsx']]
    : [[`test/receipts/${name}.test.ts`], ['test/receipts', 'test/store/readStateSource.test.ts'], ['test/sync/receiptRules.test.ts', 'test/sync/reading.test.ts', 'test/client/receiptSettings.test.ts']]
}

/** A process that runs tests for one mutant after the other; killed when it does not come back. */
function startRunner(copy) {
  const child = fork(fileURLToPath(new URL('mutantRunner.mjs', import.meta.url)), [copy], { cwd: copy, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env: { ...process.env, VITEST: 'true', READBACK_CASES: '30', NODE_OPTIONS: '' } })
  return {
    ask: (task, mostMs) =>
      new Promise((resolve) => {
        const end = (answer) => {
          clearTimeout(timer)
          child.removeAllListeners()
          if (answer === 'silent') child.kill('SIGKILL')
          resolve(answer)
        }
        const timer = setTimeout(() => end('silent'), mostMs)
        child.once('message', end)
        child.once('exit', () => end('silent'))
        child.send(task)
      }),
    stop: () => child.kill('SIGKILL'),
  }
}

// Alone: `node test/long/mutants.mjs`.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { failed } = await mutants(process.argv[2])
  process.exitCode = failed === 0 ? 0 : 1
}
