/**
 * WebKitGTK for Vitest's browser mode: its own driver is started and told, by the W3C WebDriver protocol, to open one page a session.
 * No clicks and no keys: only tests that work within the page run here.
 */
import { spawn } from 'node:child_process'
import { defineBrowserProvider } from '@vitest/browser'
import { webkitGtk } from './findEngines.mjs'

const FIRST_PORT = 4600
/** Starting takes a second or two; a virtual screen comes first. */
const START_TRIES = 60
const TRY_MS = 250

export function webkit() {
  return defineBrowserProvider({ name: 'webkitgtk', supportedBrowser: ['webkit'], options: {}, providerFactory: () => createProvider() })
}

function createProvider() {
  /** @type {Map<string, { url: string, id: string }>} */
  const pages = new Map()
  /** @type {Promise<{ url: string, stop: () => void }> | null} */
  let driver = null
  return {
    name: 'webkitgtk',
    supportsParallelism: false,
    getCommandsContext: () => ({}),
    async openPage(sessionId, url) {
      driver ??= startDriver()
      const { url: at } = await driver
      const { sessionId: id } = await call('POST', `${at}/session`, { capabilities: { alwaysMatch: { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': { binary: webkitGtk().browser, args: ['--automation'] } } } })
      pages.set(sessionId, { url: `${at}/session/${id}`, id })
      await call('POST', `${at}/session/${id}/window/rect`, { width: 1280, height: 1000 }).catch(() => {})
      await call('POST', `${at}/session/${id}/url`, { url })
    },
    async close() {
      for (const { url } of pages.values()) await call('DELETE', url).catch(() => {})
      pages.clear()
      if (driver !== null) (await driver).stop()
      driver = null
    },
  }
}

async function startDriver() {
  const found = webkitGtk()
  if (found === undefined) throw new Error('WebKitGTK is not installed: WebKitWebDriver, MiniBrowser and, without a display, xvfb-run are needed (Debian: webkit2gtk-driver, xvfb).')
  const port = FIRST_PORT + (process.pid % 1000)
  const [command, ...args] = [...found.display, found.driver, `--port=${port}`]
  const child = spawn(command, args, { stdio: 'ignore', detached: true, env: { ...process.env, LIBGL_ALWAYS_SOFTWARE: '1' } })
  const stop = () => {
    try {
      // The screen, the driver and the browser are one group.
      if (child.pid !== undefined) process.kill(-child.pid)
    } catch {
      // Gone already.
    }
  }
  process.once('exit', stop)
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; tries < START_TRIES; tries++) {
    await new Promise((resolve) => setTimeout(resolve, TRY_MS))
    const isReady = await call('GET', `${url}/status`).then(({ ready }) => ready, () => false)
    if (isReady) return { url, stop }
  }
  stop()
  throw new Error(`WebKitWebDriver did not answer on port ${port} within ${(START_TRIES * TRY_MS) / 1000} s.`)
}

async function call(method, url, body) {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) })
  const { value } = await response.json()
  if (!response.ok) throw new Error(`WebKitWebDriver refused ${method} ${url}: ${value?.error}: ${value?.message}`)
  return value ?? {}
}
