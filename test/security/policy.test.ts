/**
 * [A16] A real Chromium, a page under the strictest policy that the kit supports, and every vector in every text: nothing runs, nothing is
 * refused by the policy, and nothing is asked for. `npm test` tries some of them, the long run all.
 */
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { build, type Rollup } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entries, root } from '../tools/entries.mjs'
import { DATA_FOLDER } from '../tools/realData.mjs'
import { CHROMIUM_ARGS, resolveChromium } from '../tools/resolveChromium.mjs'
import { sampleOf } from '../tools/sample.js'
import { buildStyles } from '../tools/styles.mjs'
import { Served } from './everything.js'
import type { Played } from './page.js'
import { VECTORS } from './vectors.js'

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; require-trusted-types-for 'script'"
const NAUGHTY = join(DATA_FOLDER, 'naughty-strings.json')
const strings = existsSync(NAUGHTY) ? (JSON.parse(readFileSync(NAUGHTY, 'utf8')) as string[]) : []

/** So many texts of each kind in a sample. */
const SAMPLE = 150
const chosen = { vectors: sampleOf('vectors', VECTORS, SAMPLE), naughty: sampleOf('naughty strings', strings, SAMPLE) }

let files: Map<string, string>
let server: Server
let browser: Browser

beforeAll(async () => {
  files = await bundle()
  files.set('/styles.css', buildStyles()['styles.css']!)
  files.set('/', html(''))
  files.set('/served', html(renderToString(createElement(Served))))
  server = createServer((request, response) => {
    const content = files.get(request.url ?? '')
    if (content === undefined) return response.writeHead(404).end()
    const type = request.url!.endsWith('.js') ? 'text/javascript' : request.url!.endsWith('.css') ? 'text/css' : 'text/html; charset=utf-8'
    response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': POLICY }).end(content)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  browser = await chromium.launch({ executablePath: await resolveChromium(), args: CHROMIUM_ARGS })
}, 120_000)

afterAll(async () => {
  await browser?.close()
  server?.close()
})

function html(served: string): string {
  return `<!doctype html><html lang="en"><head><title>Policy</title><link rel="stylesheet" href="/styles.css"></head><body><div id="root"></div>${served && `<div id="served">${served}</div>`}<script type="module" src="/page.js"></script></body></html>`
}

async function bundle(): Promise<Map<string, string>> {
  const virtual = '\0chosen-texts'
  const result = (await build({
    configFile: false,
    root,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { alias: entries.map(({ name, source }) => ({ find: new RegExp(`^${name}$`), replacement: join(root, source) })) },
    plugins: [{ name: 'chosen-texts', resolveId: (id) => (id === 'virtual:chosen-texts' ? virtual : null), load: (id) => (id === virtual ? `export default ${JSON.stringify(chosen)}` : null) }],
    mode: 'production',
    oxc: { jsx: { runtime: 'automatic', development: false } },
    build: { write: false, minify: false, target: 'es2022', modulePreload: false, rolldownOptions: { input: join(root, 'test/security/page.tsx'), output: { entryFileNames: 'page.js' } } },
  })) as Rollup.RollupOutput
  return new Map(result.output.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : String(file.source)]))
}

interface Watched {
  readonly page: Page
  readonly asked: readonly string[]
  readonly complaints: readonly string[]
}

/** A page, and everything that it asked for beyond its own files. */
async function open(path: string): Promise<Watched> {
  const page = await browser.newPage()
  const asked: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => {
    const { origin, pathname } = new URL(request.url())
    if (origin !== url() || (!files.has(pathname) && pathname !== '/favicon.ico')) asked.push(request.url())
  })
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content Security Policy|TrustedHTML|Trusted Type|hydrat/i.test(message.text()) && !message.text().includes('favicon')) complaints.push(message.text().slice(0, 300))
  })
  await page.goto(`${url()}${path}`)
  // Not waitForFunction, which evaluates a string in the page: the policy refuses that too.
  await expect.poll(() => page.evaluate(() => typeof (globalThis as { play?: unknown }).play), { timeout: 20_000 }).toBe('function').catch((error: unknown) => {
    throw new Error(`The page did not start: ${complaints.join('\n')}`, { cause: error })
  })
  return { page, asked, complaints }
}

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

describe('under a strict policy with Trusted Types', () => {
  it('the page refuses what the policy forbids, so that this test can fail', async () => {
    const { page } = await open('/')
    const refused = await page.evaluate(() => {
      document.body.append(Object.assign(document.createElement('img'), { src: 'https://x.invalid/a.png' }))
      document.body.setAttribute('style', 'color: red')
      try {
        document.body.innerHTML = '<p>'
        return 'allowed'
      } catch {
        return 'refused'
      }
    })
    expect(refused).toBe('refused')
    await expect.poll(() => page.evaluate(() => (globalThis as unknown as { seen: { violations: string[] } }).seen.violations.map((each) => each.split(' ')[0]))).toEqual(expect.arrayContaining(['img-src', 'style-src-attr', 'require-trusted-types-for']))
    await page.close()
  })

  it('[A16] no vector in any text runs, asks for anything or is refused', async () => {
    expect(VECTORS.length).toBeGreaterThanOrEqual(500)
    process.stdout.write(strings.length > 0 ? '' : `${NAUGHTY} is not there: tried without its strings.\n`)
    const { page, asked, complaints } = await open('/')
    const played = await page.evaluate(() => (globalThis as unknown as { play: () => Promise<Played> }).play())
    const seen = await page.evaluate(() => (globalThis as unknown as { seen: object }).seen)
    expect(seen).toEqual({ executed: 0, violations: [] })
    expect(asked).toEqual([])
    expect(complaints).toEqual([])
    expect(played.failures).toEqual([])
    expect(played.badLinks).toEqual([])
    expect(played.foreignElements).toEqual([])
    expect(page.url()).toBe(`${url()}/`)
    expect(played).toMatchObject({ vectors: chosen.vectors.length, naughty: chosen.naughty.length })
    expect(played.elements).toBeGreaterThan(100 * chosen.vectors.length)
    process.stdout.write(`${played.vectors} vectors, ${played.naughty} naughty strings, ${played.addresses} addresses, ${played.elements} elements, ${played.links} links\n`)
    await page.close()
  }, 400_000)

  it('[I44] what a server rendered is taken over without a style that the policy refuses', async () => {
    const { page, complaints } = await open('/served')
    await expect.poll(() => page.evaluate(() => getComputedStyle(document.querySelector('.rb-list-scroller')!).position)).toBe('absolute')
    expect(await page.evaluate(() => document.querySelector('.rb-media')!.getBoundingClientRect().width)).toBe(320)
    expect(await page.evaluate(() => (globalThis as unknown as { seen: object }).seen)).toEqual({ executed: 0, violations: [] })
    expect(complaints).toEqual([])
    await page.close()
  })
})
