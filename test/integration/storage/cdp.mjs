/**
 * A Chromium driven by the raw protocol over a pipe, with tabs of one window and a profile that outlives it.
 * Playwright's pages are always visible and focused and never frozen, so that what happens to hidden, frozen and killed tabs cannot be seen through it.
 */
import { spawn } from 'node:child_process'
import { CHROMIUM_ARGS, resolveChromium } from '../../tools/resolveChromium.mjs'

/** Longest wait for an answer of the browser, milliseconds: the machine may be busy with other things. */
const ANSWER_MS = 60_000

/** @param {string} profile folder of the profile, kept between launches */
export async function launch(profile) {
  const args = ['--headless=new', '--remote-debugging-pipe', `--user-data-dir=${profile}`, '--no-default-browser-check', ...CHROMIUM_ARGS, 'about:blank']
  // A group of its own, so that it can be killed whole and nothing else is.
  const child = spawn(await resolveChromium(), args, { detached: true, stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] })
  let complaints = ''
  child.stderr.on('data', (chunk) => (complaints = (complaints + chunk).slice(-4_000)))
  const ended = new Promise((resolve) => child.on('exit', resolve))
  const [input, output] = [child.stdio[3], child.stdio[4]]
  const waiting = new Map()
  const listeners = new Set()
  let lastId = 0
  let rest = Buffer.alloc(0)
  input.on('error', () => {})
  output.on('error', () => {})
  output.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk])
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      hear(JSON.parse(rest.subarray(0, end).toString()))
      rest = rest.subarray(end + 1)
    }
  })
  void ended.then(() => {
    for (const { reject, method } of waiting.values()) reject(new Error(`The browser ended before it answered ${method}.\n${complaints}`))
    waiting.clear()
  })

  function hear(message) {
    const call = waiting.get(message.id)
    if (!call) return listeners.forEach((listener) => listener(message))
    waiting.delete(message.id)
    clearTimeout(call.timer)
    if (message.error) call.reject(new Error(`${call.method}: ${message.error.message}`))
    else call.resolve(message.result)
  }

  function send(method, params = {}, sessionId, limitMs = ANSWER_MS) {
    const id = ++lastId
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(id)
        reject(new Error(`The browser did not answer ${method} within ${limitMs} ms.`))
      }, limitMs)
      waiting.set(id, { resolve, reject, method, timer })
      input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    })
  }

  const browser = {
    pid: child.pid,
    send,
    /** The last of what it wrote to its error stream. */
    said: () => complaints,
    /** Hears what a page tells by this name. Returns how to stop. */
    listen(sessionId, method, hearParams) {
      const listener = (message) => {
        if (message.sessionId === sessionId && message.method === method) hearParams(message.params)
      }
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    /** A tab of the one window. @param {(text: string) => void} onAnnounce hears what the page announces */
    async open(url, onAnnounce = () => {}) {
      const { targetId } = await send('Target.createTarget', { url: 'about:blank' })
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true })
      const tab = makeTab(browser, targetId, sessionId)
      tab.listen('Runtime.bindingCalled', ({ payload }) => onAnnounce(payload))
      await tab.send('Runtime.enable')
      await tab.send('Page.enable')
      await tab.send('Runtime.addBinding', { name: 'announce' })
      await tab.load(url)
      return tab
    },
    /** SIGKILL to the whole browser, as a crash of the machine's user session would. */
    async kill() {
      try {
        process.kill(-Number(child.pid), 'SIGKILL')
      } catch {
        // It has just ended.
      }
      await ended
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      void send('Browser.close').catch(() => {})
      const timer = setTimeout(() => void browser.kill(), 10_000)
      await ended
      clearTimeout(timer)
    },
    on: (listener) => listeners.add(listener),
  }
  return browser
}

function makeTab(browser, targetId, sessionId) {
  const tab = {
    targetId,
    listen: (method, hearParams) => browser.listen(sessionId, method, hearParams),
    send: (method, params, limitMs) => browser.send(method, params, sessionId, limitMs),
    /** Runs an expression in the page and gives its value; a promise is awaited. */
    async run(expression, limitMs) {
      const { result, exceptionDetails } = await tab.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, limitMs)
      if (exceptionDetails) throw new Error(`In the page: ${exceptionDetails.exception?.description ?? exceptionDetails.text}\n${expression}`)
      return result.value
    },
    /** The same without waiting for what it promises. */
    start: (expression) => tab.run(`void (${expression})`),
    async load(url) {
      await tab.send('Page.navigate', { url })
      await until(() => tab.run(`location.href === ${JSON.stringify(url)} && document.readyState === 'complete'`).catch(() => false), `the page ${url} to load`)
    },
    show: () => browser.send('Target.activateTarget', { targetId }),
    freeze: () => tab.send('Page.setWebLifecycleState', { state: 'frozen' }),
    wake: () => tab.send('Page.setWebLifecycleState', { state: 'active' }),
    /** Ends the renderer without a word. */
    crash() {
      void tab.send('Page.crash').catch(() => {})
    },
    close: () => browser.send('Target.closeTarget', { targetId }),
  }
  return tab
}

/** Asks again until it holds. A generous limit: it is there to end a run that is stuck, not to measure. */
export async function until(holds, what, limitMs = 60_000) {
  const end = performance.now() + limitMs
  let last
  for (;;) {
    const value = await Promise.resolve(holds()).catch((error) => {
      last = error
      return false
    })
    if (value) return value
    if (performance.now() > end) throw new Error(`Waited ${limitMs} ms for ${what}.${last ? ` Last: ${last.message}` : ''}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
