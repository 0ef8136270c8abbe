/**
 * Other people's lists and kits: installed into a scratch folder from a lockfile of their own, and built there as an app would build them.
 * They are no dependencies of the repository. Kits whose terms forbid comparing them are left out.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { buildPage } from './build.mjs'

const run = promisify(execFile)
const folder = join(dirname(fileURLToPath(import.meta.url)), 'contestants')

/** `mostRows`: beyond it a sample takes minutes. `holdsData`: the messages are on the heap already when it mounts. `slowFrom`: from this many on each action takes seconds, so few are made. */
const OTHERS = [
  { name: 'virtuoso', holdsData: true },
  { name: 'virtua', holdsData: true },
  { name: 'chatscope', holdsData: true, mostRows: 10_000, mostFlood: 1_000, slowFrom: 10_000 },
  { name: 'easemob', holdsData: true, mostRows: 1_000, mostFlood: 0, slowFrom: 0 },
]

/** @param {string} outDir @param {string[] | undefined} only @param {(text: string) => void} say */
export async function buildOthers(outDir, only, say) {
  const wanted = OTHERS.filter(({ name }) => (!only || only.includes(name)) && existsSync(join(folder, 'page', `${name}.jsx`)))
  if (wanted.length === 0) return []
  const scratch = await install(say)
  const built = []
  for (const contestant of wanted) {
    say(`building ${contestant.name}`)
    try {
      const options = { outDir, plugins: [resolveFrom(scratch)] }
      const blank = await buildPage('blank', { ...options, outDir: join(outDir, 'others') })
      const { gzipBytes, cssGzipBytes } = await buildPage(contestant.name, { ...options, entry: join(folder, 'page', `${contestant.name}.jsx`) })
      built.push({ ...contestant, gzipBytes, cssGzipBytes, ownGzipBytes: gzipBytes - blank.gzipBytes })
    } catch (error) {
      say(`  ${contestant.name} could not be built: ${error.message}`)
    }
  }
  return built
}

/** A folder for each lockfile, so that the second run installs nothing. */
async function install(say) {
  const lock = readFileSync(join(folder, 'package-lock.json'))
  const scratch = join(tmpdir(), `readback-bench-contestants-${createHash('sha256').update(lock).digest('hex').slice(0, 12)}`)
  const done = join(scratch, 'installed')
  if (existsSync(done)) return scratch
  say('installing the contestants')
  mkdirSync(scratch, { recursive: true })
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(folder, file), join(scratch, file))
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: scratch })
  writeFileSync(done, '')
  return scratch
}

/** What the contestants' pages import comes from the scratch folder, React too, so that there is one of it. */
function resolveFrom(scratch) {
  return {
    name: 'contestants',
    enforce: 'pre',
    resolveId(source, importer) {
      if (!importer || !/^[@a-z]/.test(source) || importer.startsWith(scratch)) return null
      return this.resolve(source, join(scratch, 'package.json'), { skipSelf: true })
    },
  }
}
