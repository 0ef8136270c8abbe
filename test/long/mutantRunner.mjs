/**
 * Runs groups of tests in a copy of the sources, for one changed file at a time: `survived` when all pass, `killed` when one fails, `went round in circles` when a group
 * has used up its time without an answer. Time is the processor's: a machine that has other things to do just now is slow without going round in circles.
 * Each change has a Vitest of its own, so that nothing of the one before is left; in a process that has run one it starts in a tenth of a second.
 * What was transformed is kept by its content: of the next only the changed file is new.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createVitest } from 'vitest/node'

const LOOK_EVERY_MS = 250

const copy = process.argv[2]
process.argv = [process.argv[0], 'vitest', 'run', '--project', 'unit*']

process.on('message', async (groups) => {
  const vitest = await createVitest('test', { root: copy, config: join(copy, 'vite.config.ts'), watch: false, project: ['unit*'], reporters: [{}], pool: 'threads', maxWorkers: 1, fileParallelism: false, isolate: false, bail: 1, testTimeout: 20_000, experimental: { fsModuleCache: true, fsModuleCachePath: join(copy, 'transformed') } })
  await vitest.standalone()
  const usedMs = []
  let answer = 'survived'
  for (const { tests, mostMs } of groups) {
    const started = usedNow()
    const watch = setInterval(() => {
      if (usedNow() - started > mostMs) process.send({ answer: 'went round in circles', usedMs })
    }, LOOK_EVERY_MS)
    const fails = await isFailing(vitest, tests)
    clearInterval(watch)
    usedMs.push(usedNow() - started)
    if (!fails) continue
    answer = 'killed'
    break
  }
  await vitest.close()
  process.send({ answer, usedMs })
})

async function isFailing(vitest, tests) {
  const files = tests.filter((each) => existsSync(join(copy, each)))
  if (files.length === 0) return false
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(await vitest.globTestSpecifications(files))
  return unhandledErrors.length > 0 || testModules.some((module) => !module.ok())
}

/** Of this process with all its threads, milliseconds. */
function usedNow() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
