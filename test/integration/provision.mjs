/** Where it is allowed (READBACK_PROVISION=1), installs a whole browser, and a screen for its windows, by the system's package manager. `npm test` never does. */
import { hasWholeChromium } from '../tools/resolveChromium.mjs'
import { run } from '../tools/run.mjs'
import { hasScreen } from './reading/display.mjs'

/** Why what hides, freezes and puts aside tabs cannot be tried. */
const WITHOUT_TABS = 'the Chromium here is a shell, of which no tab is hidden or frozen (READBACK_PROVISION=1 installs a whole one by apt-get; or set CHROMIUM_PATH)'

/** @returns {import('../tools/run.mjs').Outcome} what is left out where `provision` said no */
export const leftOutWithoutTabs = (name) => ({ name, passed: 0, failed: 0, skipped: [{ name, reason: WITHOUT_TABS }], seconds: 0 })

/** Before anything asks for a browser. @returns {Promise<boolean>} whether tabs can be hidden and frozen here. @throws where it was to be installed and is not there */
export async function provision() {
  const isAllowed = process.env.READBACK_PROVISION === '1'
  if (isAllowed && !hasScreen()) await install('xvfb')
  if (await hasWholeChromium()) return true
  if (!isAllowed) return false
  if ((await install('chromium')) && (await hasWholeChromium())) return true
  throw new Error('READBACK_PROVISION=1 asks for everything to be tried, and no Chromium with tabs could be installed by apt-get. Install one, or set CHROMIUM_PATH.')
}

/** Says whether it is there now. */
async function install(name) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '-qq'], { env })
  return (await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], { env })) === 0
}
