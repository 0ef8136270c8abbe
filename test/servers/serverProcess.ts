/** The reference server as a process of its own, with a database in a folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('websocketServer.mjs', import.meta.url))
const START_TIMEOUT_MS = 20_000
const TRIES = 5
/** Below the ports that systems lend to outgoing connections: one that is lent cannot be listened at again after a kill. */
const FIRST_PORT = 20_000
const PORTS = 10_000

export interface ServerProcess {
  readonly url: string
  readonly port: number
  readonly file: string
  /** Ends it in the middle of whatever it does. */
  kill(): Promise<void>
  /** Starts it again at the same address, over the same database. */
  start(...more: string[]): Promise<void>
  /** Ends it, and removes the database. */
  remove(): Promise<void>
}

export async function startServerProcess(...args: string[]): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'readback-server-'))
  const file = join(folder, 'chat.sqlite')
  let child: ChildProcess
  let port = 0

  async function start(...more: string[]): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const wanted = port || FIRST_PORT + Math.floor(Math.random() * PORTS)
      try {
        return await startAt(wanted, more)
      } catch (error) {
        await kill()
        if (tries === TRIES) throw error
        await new Promise((resolve) => { setTimeout(resolve, 200) })
      }
    }
  }

  async function startAt(wanted: number, more: readonly string[]): Promise<void> {
    child = spawn(process.execPath, [SCRIPT, '--port', String(wanted), '--file', file, ...args, ...more], { stdio: ['ignore', 'pipe', 'pipe'] })
    await new Promise<void>((resolve, reject) => {
      let said = ''
      const timer = setTimeout(() => reject(new Error(`The server did not start in ${START_TIMEOUT_MS} ms. It said: ${said}`)), START_TIMEOUT_MS)
      const hear = (data: Buffer) => {
        said += data.toString()
        if (!said.includes(`ws://127.0.0.1:${wanted}`)) return
        clearTimeout(timer)
        resolve()
      }
      child.stdout!.on('data', hear)
      child.stderr!.on('data', hear)
      child.once('exit', () => {
        clearTimeout(timer)
        reject(new Error(`The server ended. It said: ${said}`))
      })
    })
    port = wanted
  }

  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }

  await start()
  return {
    url: `ws://127.0.0.1:${port}`,
    port,
    file,
    kill,
    start,
    async remove() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
