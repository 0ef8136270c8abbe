/**
 * The browser and story projects as the long run wants them: with `READBACK_PREPENDS` pages in A14, `READBACK_ROUNDS` of the transports' suite, and on another engine when
 * `READBACK_ENGINE` (firefox, webkit) says so.
 */
import { fileURLToPath } from 'node:url'
import chromiumConfig from '../../vite.config.ts'
import { firefox } from './firefoxProvider.mjs'
import { webkit } from './webkitProvider.mjs'

const env = { READBACK_PREPENDS: process.env.READBACK_PREPENDS ?? '100', READBACK_ROUNDS: process.env.READBACK_ROUNDS ?? '1' }

const ENGINES = {
  // One page at a time: of several windows one is in front, and the others have no focus to give.
  firefox: () => ({ provider: firefox(), instances: [{ browser: 'firefox' }], fileParallelism: false }),
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
