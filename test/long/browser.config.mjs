/**
 * The browser and story projects as the long run wants them: with `READBACK_PREPENDS` pages in A14, `READBACK_ROUNDS` of the transports' suite, all of what `npm test` takes a
 * sample of, and on another engine when `READBACK_ENGINE` (firefox, webkit) says so.
 */
import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import chromiumConfig from '../../vite.config.ts'
import { CHROMIUM_ARGS, resolveChromium } from '../tools/resolveChromium.mjs'
import { firefox } from './firefoxProvider.mjs'
import { webkit } from './webkitProvider.mjs'

const env = { READBACK_SAMPLE: process.env.READBACK_SAMPLE ?? 'all', READBACK_PREPENDS: process.env.READBACK_PREPENDS ?? '100', READBACK_ROUNDS: process.env.READBACK_ROUNDS ?? '1', READBACK_GLOBALS: process.env.READBACK_GLOBALS ?? '{}', READBACK_LOOK: process.env.READBACK_LOOK ?? '' }

const executablePath = process.env.READBACK_LOOK === undefined ? undefined : await resolveChromium()

/** A test may take so long on an engine that draws in software, milliseconds. */
const ENGINE_MS = 120_000

const ENGINES = {
  // One page at a time: of several windows one is in front, and the others have no focus to give.
  firefox: () => ({ provider: firefox(), instances: [{ browser: 'firefox' }], fileParallelism: false }),
  webkit: () => ({ provider: webkit(), instances: [{ browser: 'webkit' }], headless: false, ui: false }),
}

/** Every story again as few people see it: at 280 pixels, and in the colours of the system. */
const LOOKS = {
  narrow: () => ({ instances: [{ browser: 'chromium', viewport: { width: 280, height: 640 } }] }),
  forced: () => ({ provider: playwright({ launchOptions: { args: CHROMIUM_ARGS, executablePath }, contextOptions: { forcedColors: 'active' } }) }),
}

export default async () => {
  const config = await chromiumConfig({ command: 'serve', mode: 'test' })
  return { ...config, root: fileURLToPath(new URL('../..', import.meta.url)), test: { ...config.test, projects: (config.test?.projects ?? []).map(asAsked) } }
}

function asAsked(project) {
  const test = { ...project.test, env }
  const engine = ENGINES[process.env.READBACK_ENGINE] ?? LOOKS[process.env.READBACK_LOOK]
  if (engine === undefined || test.browser === undefined) return { ...project, test }
  return { ...project, test: { ...test, testTimeout: ENGINE_MS, browser: { ...test.browser, ...engine() } } }
}
