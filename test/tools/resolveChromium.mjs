/**
 * Finds a Chromium that runs, without installing anything on the system.
 * Order: CHROMIUM_PATH / CHROME_PATH, a browser on PATH, Playwright's cache, the one inside the npm package @sparticuz/chromium.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Arguments under which every candidate starts, also as root and without a network. */
export const CHROMIUM_ARGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
]

/** @returns {Promise<string>} path of an executable that answered `--version` */
export async function resolveChromium() {
  const tried = []
  for await (const candidate of candidates()) {
    if (!candidate) continue
    try {
      await run(candidate, ['--version'], { timeout: 30_000 })
      return candidate
    } catch (error) {
      tried.push(`${candidate} (${String(error.message).split('\n')[0]})`)
    }
  }
  throw new Error(
    `No Chromium was found, and the browser tests need one. Tried: ${tried.join('; ') || 'nothing was there to try'}. ` +
      'Install Chromium or Google Chrome, or set CHROMIUM_PATH to one.',
  )
}

async function* candidates() {
  yield process.env.CHROMIUM_PATH
  yield process.env.CHROME_PATH
  yield onPath(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'])
  yield await fromPlaywright()
  yield await fromNpm()
}

function onPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  for (const name of names) {
    const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
    if (found) return found
  }
  return undefined
}

async function fromPlaywright() {
  const { chromium } = await import('playwright-core')
  const path = chromium.executablePath()
  return path && existsSync(path) ? path : undefined
}

async function fromNpm() {
  // Without this the package does not unpack its NSS libraries, and the browser does not start on a bare machine.
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs22.x'
  try {
    const { default: chromium } = await import('@sparticuz/chromium')
    return await chromium.executablePath()
  } catch {
    return undefined
  }
}
