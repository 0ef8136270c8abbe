/** The browser suites where `npm test` does not run them: other engines, all of what it takes a sample of, and A14 in full. Alone: `node test/long/engines.mjs`. */
import { fileURLToPath } from 'node:url'
import { shippedChromium } from '../tools/resolveChromium.mjs'
import { summarise, vitest } from '../tools/run.mjs'
import { firefoxPath, webkitGtk } from './findEngines.mjs'

const CONFIG = ['--config', 'test/long/browser.config.mjs']
const LIST = ['test/browser/messageList']
const ALL = ['test/browser/realData', 'test/browser/storage']
const KEYS = 'test/browser/access*.test.tsx'
const KEYS_EACH = ['access', 'accessPath', 'accessPicture'].map((name) => `test/browser/${name}.test.tsx`)
const NO_FIREFOX = 'there is no Firefox: install firefox-esr, or set FIREFOX_PATH'
const READING = ['test/browser/reading', 'test/browser/listReading']

/** @returns {Promise<import('../tools/run.mjs').Outcome[]>} what ran, and what did not with its reason */
export async function engines() {
  const shipped = await shippedChromium()
  return [
    await on('list in Chromium, A14 in full', true, '', {}, ['--project', 'browser', ...LIST]),
    await on('real logs and a hundred thousand rows in Chromium, all of them', true, '', {}, ['--project', 'browser', ...ALL]),
    await on('list in the Chromium of npm', shipped, 'it is packed for Linux on x64 only, or could not be unpacked', { CHROMIUM_PATH: shipped }, ['--project', 'browser', ...LIST]),
    await on('all but keys in Firefox', firefoxPath(), NO_FIREFOX, { READBACK_ENGINE: 'firefox' }, ['--project', 'browser', '--exclude', KEYS]),
    ...(await keysInFirefox()),
    await on('stories on a dark ground', true, '', { READBACK_GLOBALS: '{"theme":"dark"}' }, ['--project', 'storybook']),
    await on('stories from right to left', true, '', { READBACK_GLOBALS: '{"dir":"rtl"}' }, ['--project', 'storybook']),
    await on('stories at 280 pixels', true, '', { READBACK_LOOK: 'narrow' }, ['--project', 'storybook']),
    await on('stories in the colours of the system', true, '', { READBACK_LOOK: 'forced' }, ['--project', 'storybook']),
    await on('stories in Firefox', firefoxPath(), NO_FIREFOX, { READBACK_ENGINE: 'firefox' }, ['--project', 'storybook']),
    await on('list and reading in WebKitGTK', webkitGtk(), 'there is none: install webkit2gtk-driver and xvfb', { READBACK_ENGINE: 'webkit' }, ['--project', 'browser', ...LIST, ...READING]),
  ]
}

/** A Tab behind the last element leaves a page of Firefox for good: each file that presses it has a browser of its own. */
async function keysInFirefox() {
  const outcomes = []
  for (const file of KEYS_EACH) outcomes.push(await on(`keys in Firefox: ${file}`, firefoxPath(), NO_FIREFOX, { READBACK_ENGINE: 'firefox' }, ['--project', 'browser', file]))
  return outcomes
}

async function on(name, found, missing, env, args) {
  if (!found) {
    process.stdout.write(`\n── ${name}: not run, ${missing}\n`)
    return { name, passed: 0, failed: 0, skipped: [{ name, reason: missing }], seconds: 0 }
  }
  const before = { ...process.env }
  Object.assign(process.env, env)
  const outcome = await vitest(name, [...CONFIG, ...args])
  for (const key of Object.keys(env)) {
    if (before[key] === undefined) delete process.env[key]
    else process.env[key] = before[key]
  }
  return outcome
}

if (process.argv[1] === fileURLToPath(import.meta.url)) summarise(await engines())
