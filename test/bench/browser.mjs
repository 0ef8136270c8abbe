/** One fresh browser with its own profile, and the counters of its pages. */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { CHROMIUM_ARGS, resolveChromium } from '../tools/resolveChromium.mjs'

/**
 * @param {string | undefined} template profile to begin with; copied, so that every sample finds the same database
 * @param {(open: (url: string) => Promise<Probe>) => Promise<T>} work
 * @template T
 */
export async function withBrowser(template, work) {
  const profile = await mkdtemp(join(tmpdir(), 'readback-bench-profile-'))
  if (template) await cp(template, profile, { recursive: true })
  try {
    return await inProfile(profile, work)
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}

/** The same in a profile that is kept. */
export async function inProfile(profile, work) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await resolveChromium(), headless: true, viewport: { width: 460, height: 760 }, args: [...CHROMIUM_ARGS, '--enable-precise-memory-info'],
  })
  try {
    return await work((url) => openProbe(context, url))
  } finally {
    await context.close()
  }
}

/** @typedef {Awaited<ReturnType<typeof openProbe>>} Probe */

async function openProbe(context, url) {
  const page = await context.newPage()
  const failures = []
  page.on('pageerror', (error) => failures.push(error.message))
  const cdp = await context.newCDPSession(page)
  // Time of the main thread itself, not of the clock: what other programs take of a busy machine is not counted.
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.goto(url)
  await page.waitForFunction(() => 'bench' in globalThis)
  await page.bringToFront()

  const metrics = async () => Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]))
  const probe = {
    page,
    /** Calls a function of the page's `bench`. */
    async call(name, ...args) {
      const result = await page.evaluate(([key, given]) => globalThis.bench[key](...given), [name, args]).catch((error) => {
        throw new Error(`${name}(): ${failures[0] ?? String(error.message).split('\n')[0].replace('page.evaluate: Error: ', '')}`)
      })
      if (failures.length > 0) throw new Error(`The page at ${url} failed in ${name}(): ${failures[0]}`)
      return result
    },
    /** The same, and what it cost the main thread: milliseconds of processor time in all its tasks, style and layout included. */
    async cost(name, ...args) {
      return probe.costOf(() => probe.call(name, ...args))
    },
    async costOf(act) {
      const before = await metrics()
      const result = await act()
      const after = await metrics()
      return { ms: (after.TaskDuration - before.TaskDuration) * 1000, layoutMs: (after.LayoutDuration + after.RecalcStyleDuration - before.LayoutDuration - before.RecalcStyleDuration) * 1000, result }
    },
    async heapBytes() {
      // Twice: what the first collection lets go may hold more.
      for (let i = 0; i < 2; i++) await cdp.send('HeapProfiler.collectGarbage')
      return (await metrics()).JSHeapUsedSize
    },
    /** A synthesized wheel, as fast as a determined reader. @param {number} byPx up is positive */
    async wheel(byPx, speed = 4_000) {
      const { x, y } = await probe.call('place')
      await cdp.send('Input.synthesizeScrollGesture', { x, y, yDistance: byPx, speed, gestureSourceType: 'mouse' })
    },
    close: () => page.close(),
  }
  return probe
}
