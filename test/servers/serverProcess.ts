/** The reference server as a process of its own, with a database in a folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('websocketServer.mjs', import.meta.url))
const DYING = fileURLToPath(new URL('killAtWrite.mjs', import.meta.url))
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
  /** Starts it again, to end by itself in the middle of that write to its files, counted from 1. False when it did so before it was up. */
  startDying(atWrite: number): Promise<boolean>
  isRunning(): boolean
  /** Resolves when it is not running any more. */
  ended(): Promise<void>
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

  async function startAt(wanted: number, more: readonly string[], dying: { readonly preload: readonly string[]; readonly env: NodeJS.ProcessEnv } = { preload: [], env: {} }): Promise<void> {
    child = spawn(process.execPath, [...dying.preload, SCRIPT, '--port', String(wanted), '--file', file, ...args, ...more], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...dying.env } })
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

  const isRunning = () => child.exitCode === null && child.signalCode === null

  async function ended(): Promise<void> {
    if (isRunning()) await new Promise((resolve) => child.once('exit', resolve))
  }

  async function kill(): Promise<void> {
    child.kill('SIGKILL')
    await ended()
  }

  async function startDying(atWrite: number): Promise<boolean> {
    try {
      await startAt(port, [], { preload: ['--import', DYING], env: { READBACK_KILL_AT_WRITE: String(atWrite) } })
      return true
    } catch (error) {
      if (child.signalCode === 'SIGKILL') return false
      throw error
    }
  }

  await start()
  return {
    url: `ws://127.0.0.1:${port}`,
    port,
    file,
    kill,
    start,
    startDying,
    isRunning,
    ended,
    async remove() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
