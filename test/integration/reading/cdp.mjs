/** Chromium by its own protocol over a pipe: no library between, so that tabs are really hidden, blurred and frozen (Playwright's pages always say they are visible and focused). */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHROMIUM_ARGS, resolveChromium } from '../../tools/resolveChromium.mjs'

/** A command without an answer for this long has failed, milliseconds. */
const COMMAND_MS = 30_000

/** @param {string} [display] - of windows that a person could see; default none, and then every tab in front has the focus */
export async function launch(display) {
  const profile = mkdtempSync(join(tmpdir(), 'readback-cdp-'))
  const child = spawn(await resolveChromium(), [...CHROMIUM_ARGS, ...(display ? ['--window-position=0,0', '--window-size=600,700'] : ['--headless=new', '--window-size=800,700']), '--remote-debugging-pipe', `--user-data-dir=${profile}`, 'about:blank'], { env: { ...process.env, ...(display && { DISPLAY: display }) }, stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] })
  const [, , , input, output] = child.stdio
  const waiting = new Map()
  let next = 0
  let rest = ''
  output.setEncoding('utf8')
  output.on('data', (chunk) => {
    rest += chunk
    for (let end = rest.indexOf('\0'); end >= 0; end = rest.indexOf('\0')) {
      const message = JSON.parse(rest.slice(0, end))
      rest = rest.slice(end + 1)
      const answer = waiting.get(message.id)
      if (!answer) continue
      waiting.delete(message.id)
      if (message.error) answer.reject(new Error(`${answer.method}: ${message.error.message}`))
      else answer.resolve(message.result)
    }
  })
  // A browser that is gone answers nothing; the command's own limit says so.
  input.on('error', () => {})

  function send(method, params = {}, sessionId) {
    const id = (next += 1)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(id)
        reject(new Error(`${method}: no answer within ${COMMAND_MS} ms`))
      }, COMMAND_MS)
      waiting.set(id, {
        method,
        resolve: (result) => { clearTimeout(timer); resolve(result) },
        reject: (error) => { clearTimeout(timer); reject(error) },
      })
      input.write(`${JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) })}\0`)
    })
  }

  async function open(url, newWindow = false) {
    const { targetId } = await send('Target.createTarget', { url, newWindow })
    const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true })
    return tab(targetId, sessionId)
  }

  function tab(targetId, sessionId) {
    const call = (method, params) => send(method, params, sessionId)
    return {
      call,
      /** Moves its window: what lies under another window is hidden. */
      async moveTo(left) {
        const { windowId } = await send('Browser.getWindowForTarget', { targetId })
        await send('Browser.setWindowBounds', { windowId, bounds: { left, top: 0, width: 600, height: 700 } })
      },
      activate: () => send('Target.activateTarget', { targetId }),
      freeze: () => call('Page.setWebLifecycleState', { state: 'frozen' }),
      thaw: () => call('Page.setWebLifecycleState', { state: 'active' }),
      async evaluate(expression) {
        const { result, exceptionDetails } = await call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
        return result.value
      },
    }
  }

  async function close() {
    const gone = new Promise((resolve) => child.once('close', resolve))
    await send('Browser.close').catch(() => child.kill('SIGKILL'))
    await gone
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
  return { send, open, close }
}
