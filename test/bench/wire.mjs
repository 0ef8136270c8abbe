/**
 * The wire, whole: the websocket transport over loopback to the reference server with its database on disk.
 *
 * Messages and receipts a second between plain Node processes; and from the flush of the reader's window to the icon in the sender's, both in Chromium with their
 * own databases, alone and while messages flood a conversation of all three.
 */
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'vite'
import { entries, root } from '../tools/entries.mjs'
import { withBrowser } from './browser.mjs'
import { median, share } from './statistics.mjs'

const run = promisify(execFile)
const PAIR = { id: 'pair', kind: 'direct', members: ['ann', 'bob'] }
/** Long enough for the receipt of delivery to be over. */
const DWELL_MS = 500
const PATIENCE_MS = 60_000
const WARM_UPS = 3

/**
 * @param {string} outDir @param {string} pageUrl
 * @param {{ messages: number, rated: number, samples: number, floods: number }} options `messages` of a flood, `rated` for the rates; at most so many floods
 */
export async function wireFigures(outDir, pageUrl, { rated, ...options }) {
  const load = await buildLoad(outDir)
  const folder = mkdtempSync(join(outDir, 'server-'))
  const server = await startServer(join(folder, 'chat.sqlite'))
  try {
    const { stdout } = await run(process.execPath, [load, 'rates', server.url, String(rated)])
    return { ...JSON.parse(stdout), ...(await iconLatency(pageUrl, server.url, load, options)) }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function iconLatency(pageUrl, url, load, { messages, samples, floods: mostFloods }) {
  return withBrowser(undefined, (openAnn) => withBrowser(undefined, async (openBob) => {
    const [ann, bob] = [await openAnn(pageUrl), await openBob(pageUrl)]
    for (const [probe, me] of [[ann, 'ann'], [bob, 'bob']]) await probe.call('open', { url, me, conversation: PAIR, dwellMs: DWELL_MS })
    let n = 0
    const sample = async () => {
      n += 1
      await ann.call('say', n)
      const { at, paintedAt } = await ann.call('turned', n, PATIENCE_MS)
      const flushedAt = await bob.call('flushedAt', n)
      return { ms: at - flushedAt, paintedMs: paintedAt - flushedAt }
    }
    for (let i = 0; i < WARM_UPS; i++) await sample()
    const alone = []
    while (alone.length < samples) alone.push(await sample())
    const flooded = []
    let floods = 0
    while (flooded.length < samples && floods < mostFloods) {
      const flood = startFlood(load, url, messages)
      floods += 1
      // Each begins while messages come, and ends whenever it does.
      while (!flood.isOver()) flooded.push(await sample())
      await flood.over
    }
    return { messages, floods, alone: spreadOf(alone), flooded: spreadOf(flooded) }
  }))
}

function spreadOf(samples) {
  const of = (name) => {
    const values = samples.map((each) => each[name])
    return { median: median(values), p95: share(values, 0.95), most: Math.max(...values) }
  }
  return { samples: samples.length, dom: of('ms'), painted: of('paintedMs') }
}

function startFlood(load, url, messages) {
  let isOver = false
  const over = run(process.execPath, [load, 'flood', url, String(messages)]).finally(() => { isOver = true })
  return { over, isOver: () => isOver }
}

async function buildLoad(outDir) {
  const out = join(outDir, 'wire-load')
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias: entries.map(({ name, source }) => ({ find: new RegExp(`^${name}$`), replacement: join(root, source) })) },
    ssr: { noExternal: true },
    build: { ssr: fileURLToPath(new URL('./wire/load.ts', import.meta.url)), outDir: out, target: 'node20', rolldownOptions: { output: { entryFileNames: 'load.mjs' } } },
  })
  return join(out, 'load.mjs')
}

/** In a process of its own, at a port that was free. */
async function startServer(file) {
  const child = spawn(process.execPath, [join(root, 'test/servers/websocketServer.mjs'), '--port', '0', '--file', file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => { child.once('exit', resolve) })
  const url = await new Promise((resolve, reject) => {
    void ended.then(() => reject(new Error('The server ended before it listened.')))
    child.stdout.on('data', (data) => {
      const found = /ws:\/\/\S+/.exec(data.toString())?.[0]
      if (found) resolve(found)
    })
  })
  return {
    url,
    async stop() {
      child.kill()
      await ended
    },
  }
}
