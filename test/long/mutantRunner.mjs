/**
 * Runs groups of tests in a copy of the sources, for one changed file at a time: `survived` when all pass, `killed` when one fails, `circles` when a group
 * has used up its time without an answer. Time is the processor's: a machine that has other things to do just now is slow without going round in circles.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createVitest } from 'vitest/node'

const LOOK_EVERY_MS = 250

const copy = process.argv[2]
process.argv = [process.argv[0], 'vitest', 'run', '--project', 'unit']
const vitest = await createVitest('test', { root: copy, config: join(copy, 'vite.config.ts'), watch: false, project: ['unit'], reporters: [{}], pool: 'threads', maxWorkers: 1, fileParallelism: false, bail: 1, testTimeout: 20_000 })
await vitest.standalone()

/** What was changed before, and is sound again. */
let last

process.on('message', async ({ path, groups }) => {
  for (const each of new Set([path, last ?? path])) vitest.invalidateFile(each)
  last = path
  const usedMs = []
  let answer = 'survived'
  for (const { tests, mostMs } of groups) {
    const started = usedNow()
    const watch = setInterval(() => {
      if (usedNow() - started > mostMs) process.send({ answer: 'circles', usedMs })
    }, LOOK_EVERY_MS)
    const fails = await isFailing(tests)
    clearInterval(watch)
    usedMs.push(usedNow() - started)
    if (!fails) continue
    answer = 'killed'
    break
  }
  process.send({ answer, usedMs })
})

async function isFailing(tests) {
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
