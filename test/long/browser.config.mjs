/**
 * The browser and story projects as the long run wants them: with `READBACK_PREPENDS` pages in A14, and on another engine when
 * `READBACK_ENGINE` (firefox, webkit) says so. FIREFOX_PATH names the executable of Firefox.
 */
import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import chromiumConfig from '../../vite.config.ts'
import { firefoxPath } from './findEngines.mjs'
import { webkit } from './webkitProvider.mjs'

const env = { READBACK_PREPENDS: process.env.READBACK_PREPENDS ?? '100' }

const ENGINES = {
  // Playwright's own channel for a Firefox that was not built for it: WebDriver BiDi.
  firefox: () => ({ provider: playwright({ launchOptions: { channel: 'moz-firefox', executablePath: firefoxPath() ?? 'firefox-esr' } }), instances: [{ browser: 'firefox' }] }),
  webkit: () => ({ provider: webkit(), instances: [{ browser: 'webkit' }], headless: false, ui: false }),
}

export default async () => {
  const config = await chromiumConfig({ command: 'serve', mode: 'test' })
  return { ...config, root: fileURLToPath(new URL('../..', import.meta.url)), test: { ...config.test, projects: (config.test?.projects ?? []).map(asAsked) } }
}

function asAsked(project) {
  const test = { ...project.test, env }
  const engine = ENGINES[process.env.READBACK_ENGINE]
  if (engine === undefined || test.browser === undefined) return { ...project, test }
  return { ...project, test: { ...test, browser: { ...test.browser, ...engine() } } }
}
