/** Runs tests in a copy of the sources, for one changed file at a time: `survived` when all pass, else `killed`. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createVitest } from 'vitest/node'

const copy = process.argv[2]
process.argv = [process.argv[0], 'vitest', 'run', '--project', 'unit']
const vitest = await createVitest('test', { root: copy, config: join(copy, 'vite.config.ts'), watch: false, project: ['unit'], reporters: [{}], pool: 'threads', maxWorkers: 1, fileParallelism: false, bail: 1, testTimeout: 20_000 })
await vitest.standalone()

/** What was changed before, and is sound again. */
let last

process.on('message', async ({ path, tests }) => {
  process.send((await isKilled(path, tests)) ? 'killed' : 'survived')
})

async function isKilled(path, tests) {
  for (const each of new Set([path, last ?? path])) vitest.invalidateFile(each)
  last = path
  for (const group of tests) {
    const files = group.filter((each) => existsSync(join(copy, each)))
    if (files.length === 0) continue
    const specifications = await vitest.globTestSpecifications(files)
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications)
    if (unhandledErrors.length > 0 || testModules.some((module) => !module.ok())) return true
  }
  return false
}
