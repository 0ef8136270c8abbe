/**
 * Finds a Chromium that runs, without installing anything on the system.
 * Order: CHROMIUM_PATH / CHROME_PATH, a browser on PATH, Playwright's cache, the one inside the npm package @sparticuz/chromium.
 */
import { execFile } from 'node:child_process'
import { constants, existsSync } from 'node:fs'
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Arguments under which every candidate starts, also as root and without a network. */
export const CHROMIUM_ARGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
]

/** @type {Promise<string> | undefined} */
let resolved

/** @returns {Promise<string>} path of an executable that answered `--version`; the search is made once a process */
export function resolveChromium() {
  resolved ??= search().catch((error) => {
    // Something may be installed before the next question.
    resolved = undefined
    throw error
  })
  return resolved
}

/** Whether one is here that can hide, freeze and put aside its tabs: the one in the npm package is a shell without windows, and cannot. */
export async function hasWholeChromium() {
  const whole = await firstThatRuns(wholeOnes(), [])
  return whole !== undefined
}

async function search() {
  const tried = []
  const found = await firstThatRuns(candidates(), tried)
  if (found !== undefined) return found
  throw new Error(
    `No Chromium was found, and the browser tests need one. Tried: ${tried.join('; ') || 'nothing was there to try'}. ` +
      'Install Chromium or Google Chrome, or set CHROMIUM_PATH to one.',
  )
}

async function firstThatRuns(paths, tried) {
  for await (const candidate of paths) {
    if (!candidate) continue
    try {
      await run(candidate, ['--version'], { timeout: 30_000 })
      return candidate
    } catch (error) {
      tried.push(`${candidate} (${String(error.message).split('\n')[0]})`)
    }
  }
  return undefined
}

async function* candidates() {
  yield* wholeOnes()
  yield await shippedChromium()
}

async function* wholeOnes() {
  yield process.env.CHROMIUM_PATH
  yield process.env.CHROME_PATH
  yield onPath(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'])
  yield await fromPlaywright()
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

/**
 * The Chromium inside @sparticuz/chromium (Linux x64), unpacked once beside the installed packages.
 * It brings its own NSS libraries and fonts; a small script sets them for this browser alone, so that nothing else runs with them.
 * Several processes may ask at once: each unpacks into a folder of its own, and the first to finish names its folder the final one.
 */
export async function shippedChromium() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  try {
    const home = dirname(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))))
    const { version } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'))
    const folder = join(await writableCache(dirname(dirname(home))), `chromium-${version}`)
    const launcher = join(folder, 'chromium.sh')
    if (!existsSync(launcher)) await unpack(folder, launcher)
    return launcher
  } catch (error) {
    process.stderr.write(`The Chromium of @sparticuz/chromium could not be unpacked: ${error.message}\n`)
    return undefined
  }
}

async function writableCache(packages) {
  const cache = join(packages, '.cache', 'readback')
  try {
    await mkdir(cache, { recursive: true })
    await access(cache, constants.W_OK)
    return cache
  } catch {
    return join(tmpdir(), `readback-${process.getuid?.() ?? 'cache'}`)
  }
}

async function unpack(folder, launcher) {
  await mkdir(dirname(folder), { recursive: true })
  const own = await mkdtemp(`${folder}.`)
  try {
    // Without this variable the package leaves its NSS libraries packed, and the browser does not start on a bare machine. It is read at import, hence the process.
    const env = { ...process.env, TMPDIR: own, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' }
    const script = "import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())"
    await run(process.execPath, ['--input-type=module', '-e', script], { env, cwd: dirname(fileURLToPath(import.meta.url)), timeout: 120_000 })
    await writeFile(join(own, 'fonts', 'fonts.conf'), fontsConf(folder))
    await writeFile(join(own, basename(launcher)), launcherScript(folder), { mode: 0o755 })
    await rename(own, folder)
  } catch (error) {
    await rm(own, { recursive: true, force: true })
    // Another process was faster: its folder is as good as ours.
    if (!existsSync(launcher)) throw error
  }
}

const fontsConf = (folder) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`

const launcherScript = (folder) => `#!/bin/sh
export LD_LIBRARY_PATH="${folder}/al2023/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FONTCONFIG_PATH="${folder}/fonts" FONTCONFIG_FILE="${folder}/fonts/fonts.conf"
exec "${folder}/chromium" "$@"
`
