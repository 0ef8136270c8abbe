/**
 * [A20] How many of the branches of `src/receipts` and `src/reading` the unit tests go through: of each folder, and of each file, 95 of a hundred.
 * Counted are the tests that mirror them and the few in which a part of a page or of a store stands around them; what a real page adds is not counted.
 * Alone: `node test/long/coverage.mjs`; `npm run test:long` runs it.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from '../tools/entries.mjs'
import { attempted, summarise, vitest } from '../tools/run.mjs'

/** Of a hundred. */
const LEAST_COVERED = 95
const FOLDERS = ['src/receipts', 'src/reading']
const TESTS = ['test/receipts', 'test/reading', 'test/react/useDwellRead.test.tsx', 'test/components/notShown.test.tsx']

/** @returns {Promise<import('../tools/run.mjs').Outcome[]>} */
export async function coverage() {
  const folder = mkdtempSync(join(tmpdir(), 'readback-coverage-'))
  const counting = ['--coverage.enabled', '--coverage.provider=v8', '--coverage.reporter=json-summary', `--coverage.reportsDirectory=${folder}`, ...FOLDERS.map((each) => `--coverage.include=${each}/**`)]
  try {
    const ran = await vitest('tests of receipts and reading, their branches counted', ['--project', 'unit*', ...TESTS, ...counting])
    // Nothing is counted where a test fails.
    return ran.failed > 0 ? [ran] : [ran, await attempted('branch coverage', () => tell(branchesOf(join(folder, 'coverage-summary.json'))))]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @typedef {{ name: string, covered: number, total: number }} Branches */

/** @returns {Branches[]} of each file that has any */
function branchesOf(summary) {
  return Object.entries(JSON.parse(readFileSync(summary, 'utf8')))
    .map(([path, { branches }]) => ({ name: relative(root, path), covered: branches.covered, total: branches.total }))
    .filter(({ name, total }) => name.startsWith('src/') && total > 0)
}

/** @throws where too few are gone through, or nothing was counted */
function tell(files) {
  const folders = FOLDERS.map((folder) => together(folder, files.filter(({ name }) => name.startsWith(`${folder}/`))))
  const short = [...folders, ...files].filter((each) => !(percentOf(each) >= LEAST_COVERED))
  const partly = files.filter(({ covered, total }) => covered < total)
  process.stdout.write(`${[...folders, ...partly].map(lineOf).join('\n')}\n`)
  if (short.length > 0) throw new Error(`Fewer than ${LEAST_COVERED} % of the branches are tested:\n${short.map(lineOf).join('\n')}`)
}

/** @returns {Branches} */
function together(name, files) {
  return { name, covered: sum(files.map(({ covered }) => covered)), total: sum(files.map(({ total }) => total)) }
}

const sum = (numbers) => numbers.reduce((all, each) => all + each, 0)
/** NaN where there is nothing, which is not enough. */
const percentOf = ({ covered, total }) => (100 * covered) / total
const lineOf = (each) => `  ${percentOf(each).toFixed(1).padStart(5)} % of ${String(each.total).padStart(4)} branches  ${each.name}`

if (process.argv[1] === fileURLToPath(import.meta.url)) summarise(await coverage())
