/** A screen that nobody sees, for windows that lie side by side: without one a browser gives the focus to every tab that is in front. */
import { spawn, spawnSync } from 'node:child_process'

/** A program of the system's, not of a package. */
const XVFB = 'Xvfb'

export const hasScreen = () => spawnSync(XVFB, ['-help']).error === undefined

/** @returns {Promise<{ name: string, stop(): void } | null>} null where there is no Xvfb */
export function startDisplay() {
  const child = spawn(XVFB, ['-displayfd', '3', '-screen', '0', '1400x800x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  return new Promise((resolve) => {
    child.once('error', () => resolve(null))
    child.once('exit', () => resolve(null))
    child.stdio[3].once('data', (number) => resolve({ name: `:${String(number).trim()}`, stop: () => child.kill() }))
  })
}
