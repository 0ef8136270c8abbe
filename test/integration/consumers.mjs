/** Small apps that install the packed tarball, are type-checked, built and used in a real browser. */
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pack } from '../tools/checkPackage.mjs'
import { root } from '../tools/entries.mjs'
import { attempted, check } from '../tools/run.mjs'
import { playQuickStart } from './quickStart.mjs'
import { serve } from './serve.mjs'

/** `quickStart`: the file that is exactly the README's block. `serve`: scripts of its package.json under which it is used in a browser. `rendered`: the server sends the chat's own HTML. */
const APPS = [
  { name: 'vite-react19', quickStart: 'src/main.tsx', serve: ['serve'] },
  { name: 'vite-react18', quickStart: 'src/main.tsx', serve: ['serve'] },
  { name: 'next-app', quickStart: null, serve: ['serve', 'dev'], rendered: true },
]

/** @returns {Promise<import('../tools/run.mjs').Outcome[]>} */
export async function consumers(names = APPS.map(({ name }) => name)) {
  process.env.NEXT_TELEMETRY_DISABLED = '1'
  const work = await mkdtemp(join(tmpdir(), 'readback-consumers-'))
  try {
    const tarball = await pack(work)
    const outcomes = []
    for (const app of APPS.filter(({ name }) => names.includes(name))) outcomes.push(...(await tryApp(app, tarball, work)))
    return outcomes
  } finally {
    if (process.env.READBACK_KEEP) process.stdout.write(`kept: ${work}\n`)
    else await rm(work, { recursive: true, force: true })
  }
}

async function tryApp(app, tarball, work) {
  const folder = join(work, app.name)
  await cp(join(root, 'test/consumers', app.name), folder, { recursive: true })
  await copyFile(tarball, join(folder, 'readback.tgz'))
  if (app.quickStart) await placeQuickStart(join(folder, app.quickStart))
  const script = (name) => ['npm', '--prefix', folder, 'run', '--silent', name]
  const installed = await check(`${app.name}: npm install`, [['npm', '--prefix', folder, 'install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', '--loglevel=error']])
  if (installed.failed > 0) return [installed]
  const built = await check(`${app.name}: build`, [script('build')])
  // Next writes the types of its routes when it builds.
  const typed = await check(`${app.name}: types`, [script('types')])
  if (built.failed > 0) return [installed, built, typed]
  const played = []
  for (const name of app.serve) played.push(await play(`${app.name}: quick start under \`npm run ${name}\``, folder, name, app.rendered))
  return [installed, built, typed, ...played]
}

async function placeQuickStart(path) {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, await readmeQuickStart())
}

/** The first code block under "Quick start" of the README: what is promised is what is tried. */
export async function readmeQuickStart() {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const block = /## Quick start[\s\S]*?```tsx\n([\s\S]*?)```/.exec(readme)?.[1]
  if (!block) throw new Error('README.md has no tsx block under "## Quick start".')
  return block
}

function play(name, folder, script, rendered) {
  return attempted(name, async () => {
    const server = await serve(folder, script)
    try {
      if (rendered) await expectServerHtml(server.url)
      await playQuickStart(server.url)
    } catch (error) {
      process.stdout.write(`${server.output()}\n`)
      throw error
    } finally {
      await server.stop()
    }
  })
}

/** Without this a page that renders nothing on the server would have nothing to mismatch. */
async function expectServerHtml(url) {
  const html = await (await fetch(url)).text()
  if (!html.includes('role="log"')) throw new Error(`The server sent no chat:\n${html.slice(0, 2_000)}`)
}
