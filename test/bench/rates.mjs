/** Core rates in plain Node, and the ingest of messages in the browser. */
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'vite'
import { entries, root } from '../tools/entries.mjs'
import { withBrowser } from './browser.mjs'
import { median } from './statistics.mjs'

const run = promisify(execFile)

/** @param {string} outDir @param {number} joins */
export async function coreRates(outDir, joins) {
  const out = join(outDir, 'rates')
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias: entries.map(({ name, source }) => ({ find: new RegExp(`^${name}$`), replacement: join(root, source) })) },
    build: { ssr: fileURLToPath(new URL('./rates/main.ts', import.meta.url)), outDir: out, target: 'node20', rolldownOptions: { output: { entryFileNames: 'main.mjs' } } },
  })
  await writeFile(join(out, 'package.json'), '{"type":"module"}')
  const { stdout } = await run(process.execPath, ['--expose-gc', join(out, 'main.mjs'), String(joins)], { env: { ...process.env, NODE_ENV: 'production' } })
  return JSON.parse(stdout)
}

/** Cheaper ones say more of the processor's caches than of us, milliseconds. */
const LEAST_TEXT_MS = 2

/** [A15] The dearest of hostile texts, in a fresh browser. */
export async function textRates(url) {
  const costs = await withBrowser(undefined, async (open) => (await open(url)).call('texts'))
  const dearest = (of, by) => of.reduce((most, each) => (each[by] > most[by] ? each : most))
  return { texts: costs.length, slowest: dearest(costs, 'ms'), steepest: dearest(costs.filter(({ ms }) => ms >= LEAST_TEXT_MS), 'ratio') }
}

/** Alternately, in one fresh browser each time. */
export async function ingestRates(url, { rows, samples }) {
  const ours = []
  const bare = []
  for (let i = 0; i < samples; i++) {
    await withBrowser(undefined, async (open) => {
      const probe = await open(url)
      bare.push(await probe.call('bare', rows))
      ours.push(await probe.call('ours', rows))
    })
  }
  return { rows, bareMs: median(bare), oursMs: median(ours), ratio: median(ours.map((ms, i) => ms / bare[i])), ratios: ours.map((ms, i) => ms / bare[i]) }
}
