/** Where it is allowed (READBACK_PROVISION=1) and nothing else answers, installs a browser by the system's package manager. `npm test` never does. */
import { resolveChromium } from '../tools/resolveChromium.mjs'
import { run } from '../tools/run.mjs'

export async function provision() {
  const missing = await resolveChromium().then(() => null, (error) => error)
  if (!missing) return
  if (process.env.READBACK_PROVISION !== '1') {
    process.stderr.write(`${missing.message} READBACK_PROVISION=1 lets this run install Chromium by apt-get.\n`)
    return
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '-qq'], { env })
  const code = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env })
  if (code === 0) process.env.CHROMIUM_PATH = '/usr/bin/chromium'
}
