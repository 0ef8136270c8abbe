/** The places in `src/sync` that write, as its text has them and as calls come from them. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ChatStorage } from 'readback/core'

const SYNC = fileURLToPath(new URL('../../src/sync', import.meta.url))

/** Each as `file.ts:line`, with the line. */
export function allSites(): ReadonlyMap<string, string> {
  const sites = new Map<string, string>()
  for (const file of readdirSync(SYNC)) {
    const lines = readFileSync(`${SYNC}/${file}`, 'utf8').split('\n')
    for (const [n, line] of lines.entries()) if (/\b(storage|memory)\.write\(/.test(line)) sites.set(`${file}:${n + 1}`, line.trim())
  }
  return sites
}

/** From now on each place from which it is written to is added to `sites`. */
export function noteSites(storage: ChatStorage, sites: Set<string>): void {
  const { write } = storage
  const noted: typeof write = (...args) => {
    const site = /src\/sync\/([\w.]+:\d+):/.exec(new Error().stack!.replaceAll('\\', '/'))?.[1]
    if (site !== undefined) sites.add(site)
    return write(...args)
  }
  Object.assign(storage, { write: noted })
}
