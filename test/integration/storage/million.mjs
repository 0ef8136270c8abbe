/** A large database asks for no more than a small one: what opening, paging, jumping and counting cost, with each. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launch } from './cdp.mjs'
import { expect } from './faults.mjs'
import { startServer } from './server.mjs'

const CONVERSATIONS = 1_000
/** Filling takes minutes, milliseconds. */
const FILL_MS = 3_600_000
/** A search by halving takes one more look for each doubling. */
const MORE_REQUESTS = 30

/** @param {number} messages in the large database; the small one has 2,000 */
export async function compareSizes(messages) {
  const server = await startServer()
  const profile = await mkdtemp(join(tmpdir(), 'readback-million-'))
  const browser = await launch(profile)
  try {
    const costs = []
    for (const count of [2_000, messages]) {
      const url = server.pageOf(`has${count}`)
      const filling = await browser.open(url)
      const started = performance.now()
      await filling.run(`tab.fill(${count}, ${CONVERSATIONS})`, FILL_MS)
      process.stdout.write(`${count.toLocaleString('en')} messages and ${CONVERSATIONS} conversations stored in ${Math.round((performance.now() - started) / 1_000)} s\n`)
      await filling.close()
      const tab = await browser.open(url)
      costs.push(await tab.run(`tab.measure(${count})`, FILL_MS))
      await tab.close()
    }
    const [small, large] = costs
    for (const step of Object.keys(small)) {
      const said = ({ requests, rows, ms }) => `${requests} requests, ${rows} rows, ${ms} ms`
      process.stdout.write(`  ${step}: ${said(small[step])} → ${said(large[step])}\n`)
    }
    for (const step of Object.keys(small)) {
      expect(large[step].requests <= small[step].requests + MORE_REQUESTS, `${step} asks more of a large database`)
      expect(large[step].rows <= small[step].rows * 1.2 + MORE_REQUESTS, `${step} reads more of a large database`)
    }
  } finally {
    await browser.close()
    await server.stop()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
