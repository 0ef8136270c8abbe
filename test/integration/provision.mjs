/** Where it is allowed (READBACK_PROVISION=1) and nothing else answers, installs a browser, and a screen for its windows, by the system's package manager. `npm test` never does. */
import { resolveChromium } from '../tools/resolveChromium.mjs'
import { run } from '../tools/run.mjs'
import { hasScreen } from './reading/display.mjs'

export async function provision() {
  if (process.env.READBACK_PROVISION === '1') await install('xvfb', !hasScreen())
  const missing = await resolveChromium().then(() => null, (error) => error)
  if (!missing) return
  if (process.env.READBACK_PROVISION !== '1') {
    process.stderr.write(`${missing.message} READBACK_PROVISION=1 lets this run install Chromium by apt-get.\n`)
    return
  }
  if (await install('chromium', true)) process.env.CHROMIUM_PATH = '/usr/bin/chromium'
}

/** Says whether it is there now, and new. */
async function install(name, isMissing) {
  if (!isMissing) return false
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '-qq'], { env })
  return (await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], { env })) === 0
}
