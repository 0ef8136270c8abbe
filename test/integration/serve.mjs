/** Starts one of an app's own server scripts on a free port, and stops it with everything that it started. */
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'

/** Longest time for a server to answer, in milliseconds; a first compilation on a busy machine is slow. */
const START_MS = 120_000

/**
 * @param {(port: number) => string[]} args how the script is told the port
 * @returns {Promise<{ url: string, output: () => string, stop: () => Promise<void> }>}
 */
export async function serve(folder, script, args = (port) => [String(port)]) {
  const port = await freePort()
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', BROWSER: 'none' }
  // A group of its own: `next` starts further processes.
  const child = spawn('npm', ['run', '--silent', script, '--', ...args(port)], { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const ended = new Promise((resolve) => child.on('close', resolve))
  const stop = async () => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
    await ended
  }
  const url = `http://127.0.0.1:${port}/`
  try {
    await answers(url, () => child.exitCode !== null)
  } catch (error) {
    await stop()
    throw new Error(`${script} did not serve: ${error.message}\n${output}`)
  }
  return { url, output: () => output, stop }
}

async function answers(url, hasEnded) {
  const deadline = Date.now() + START_MS
  while (Date.now() < deadline) {
    if (hasEnded()) throw new Error('the process ended')
    const ok = await fetch(url).then((response) => response.ok, () => false)
    if (ok) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`no answer after ${START_MS} ms`)
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
