/**
 * What README and docs promise of a checkout, by its own scripts: `npm start` serves the stories, `npm run server` a chat server, and two people,
 * each in a browser of their own, chat through it with the story *Your own server*; the server is killed in the middle of it and comes back.
 * Alone: `node test/integration/twoBrowsers.mjs`.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { root } from '../tools/entries.mjs'
import { CHROMIUM_ARGS, resolveChromium } from '../tools/resolveChromium.mjs'
import { attempted, summarise } from '../tools/run.mjs'
import { serve } from './serve.mjs'

const NAME = 'two people in two browsers, `npm start` and `npm run server`, which is killed in between'
const STORY = 'iframe.html?id=scenarios-your-own-server--your-own-server&viewMode=story'
/** Longest time for each step, milliseconds; a device that lost its server waits up to half a minute between two tries. */
const STEP_MS = 90_000

/** @returns {Promise<import('../tools/run.mjs').Outcome>} */
export function twoBrowsers() {
  return attempted(NAME, async () => {
    const work = await mkdtemp(join(tmpdir(), 'readback-two-'))
    const ends = []
    try {
      const stories = await serve(root, 'start', (port) => ['--port', String(port), '--no-open'])
      ends.push(stories.stop)
      await chat({ stories: stories.url, work, ends })
    } finally {
      for (const end of ends.toReversed()) await end()
      await rm(work, { recursive: true, force: true })
    }
  })
}

async function chat({ stories, work, ends }) {
  const file = join(work, 'chat.sqlite')
  let server = await startServer(file, 0)
  ends.push(() => server.kill())
  const enter = async (me, other) => {
    const person = await open(join(work, me), `${stories}${STORY}`, { url: server.url, me, other })
    ends.push(() => person.close())
    return person
  }
  const ada = await enter('ada', 'bo')
  const bo = await enter('bo', 'ada')

  await ada.write('Did you read me?')
  await bo.sees('Did you read me?')
  await ada.reaches('Did you read me?', 'read')
  await bo.write('I did.')
  await ada.sees('I did.')
  await bo.reaches('I did.', 'read')

  await server.kill()
  await ada.write('Are you there without a server?')
  await ada.reaches('Are you there without a server?', 'sending')
  server = await startServer(file, server.port)
  await bo.sees('Are you there without a server?')
  await ada.reaches('Are you there without a server?', 'read')

  // What the browser keeps is there after a reload; what only the server keeps comes from it.
  await bo.reload()
  for (const text of ['Did you read me?', 'I did.', 'Are you there without a server?']) await bo.sees(text)
  await bo.reaches('I did.', 'read')
  for (const person of [ada, bo]) if (person.errors.length > 0) throw new Error(`The page complained:\n${person.errors.join('\n')}`)
}

/** By the script that the docs name, in a group of its own, so that nothing of it stays. */
async function startServer(file, port) {
  const child = spawn('npm', ['run', '--silent', 'server', '--', '--port', String(port), '--file', file], { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const ended = new Promise((resolve) => child.on('close', resolve))
  const url = await new Promise((resolve, reject) => {
    const listen = (chunk) => {
      said += chunk
      const [, address] = /Readback server: (\S+)/.exec(said) ?? []
      if (address) resolve(address)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.on('error', reject)
    child.on('close', () => reject(new Error(`the server ended: ${said}`)))
  })
  const kill = async () => {
    if (child.pid === undefined) return
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGKILL')
    await ended
    // npm has ended; the server under it is gone a moment later.
    while (isThere(-child.pid)) await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { url, port: Number(new URL(url).port), kill }
}

function isThere(pid) {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function open(profile, url, fields) {
  const context = await chromium.launchPersistentContext(profile, { executablePath: await resolveChromium(), args: CHROMIUM_ARGS, viewport: { width: 380, height: 640 } })
  const [page] = context.pages()
  page.setDefaultTimeout(STEP_MS)
  const errors = []
  page.on('pageerror', (error) => errors.push(error.message))
  const enter = async () => {
    for (const [name, value] of Object.entries(fields)) await page.fill(`input[name=${name}]`, value)
    await page.click('button[type=submit]')
    await page.getByRole('textbox').waitFor()
  }
  const row = (text) => page.locator('[role="log"] .rb-row', { hasText: text }).first()
  await page.goto(url)
  await enter()
  return {
    errors,
    async write(text) {
      await page.getByRole('textbox').fill(text)
      await page.getByRole('textbox').press('Enter')
    },
    sees: (text) => row(text).waitFor(),
    reaches: (text, status) => page.locator(`[role="log"] .rb-row[data-direction="own"][data-status="${status}"]`, { hasText: text }).first().waitFor(),
    async reload() {
      await page.reload()
      await enter()
    },
    close: () => context.close(),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) summarise([await twoBrowsers()])
