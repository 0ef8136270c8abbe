/** Looks at the package as a user gets it: packed, unpacked, linted, typed and imported. Needs `npm run build` before. */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import postcss from 'postcss'
import { entries, externals, manifest, root } from './entries.mjs'
import { bin } from './run.mjs'

const exec = promisify(execFile)
const node = process.execPath

const results = []
async function step(name, work) {
  try {
    const note = await work()
    results.push(true)
    process.stdout.write(`ok     ${name}${note ? `: ${note}` : ''}\n`)
  } catch (error) {
    results.push(false)
    process.stdout.write(`FAILED ${name}\n${[error.stdout, error.stderr, error.stdout ? '' : error.message].filter(Boolean).join('\n')}\n`)
  }
}

/** @returns {Promise<string>} path of the tarball, in `folder` */
export async function pack(folder) {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('There is no build to pack. Run `npm run build` first.')
  await exec('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root })
  return join(folder, (await readdir(folder)).find((file) => file.endsWith('.tgz')))
}

async function main() {
  const work = await mkdtemp(join(tmpdir(), 'readback-package-'))
  try {
    const tarball = await pack(work)
    const installed = await install(tarball, work)
    await step('publint', () => exec(node, [bin('publint/src/cli.js'), 'run', tarball, '--strict']).then(() => ''))
    await step('are the types wrong', () => exec(node, [bin('@arethetypeswrong/cli/dist/index.js'), tarball, '--profile', 'esm-only', '--no-emoji']).then(() => ''))
    await step('every target of the exports map is packed', () => targets(installed))
    await step('nothing else is packed', () => contents(installed))
    for (const { name } of entries) await step(`import ${name} in plain Node`, () => importEntry(name, work))
    for (const resolution of ['bundler', 'node16']) await step(`types under moduleResolution ${resolution}`, () => types(work, resolution))
    await step('both stylesheets hold the same rules in the same order of precedence', () => sheets(installed))
    await step("'use client' is said by one file, through which alone a server reaches React", () => directives(installed))
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  const passed = results.filter(Boolean).length
  process.stdout.write(`\n${passed} passed, ${results.length - passed} failed\n`)
  process.exitCode = passed === results.length ? 0 : 1
}

/** As a package manager would, with the dependencies that are already here. */
async function install(tarball, work) {
  const installed = join(work, 'node_modules', manifest.name)
  await mkdir(installed, { recursive: true })
  await exec('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'])
  for (const name of [...externals, '@types/react', '@types/react-dom', 'csstype', 'scheduler', '@tanstack/virtual-core']) {
    if (!existsSync(join(root, 'node_modules', name))) continue
    await mkdir(dirname(join(work, 'node_modules', name)), { recursive: true })
    await symlink(join(root, 'node_modules', name), join(work, 'node_modules', name))
  }
  await writeFile(join(work, 'package.json'), '{ "type": "module", "private": true }')
  return installed
}

async function targets(installed) {
  const files = Object.values(manifest.exports).flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)))
  const missing = files.filter((file) => !existsSync(join(installed, file)))
  if (missing.length > 0) throw new Error(`Missing from the tarball: ${missing.join(', ')}`)
  return `${files.length} files`
}

async function contents(installed) {
  const allowed = new Set(['dist', 'package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'])
  const found = await readdir(installed)
  const strange = found.filter((file) => !allowed.has(file))
  const absent = [...allowed].filter((file) => !found.includes(file))
  if (strange.length + absent.length > 0) throw new Error(`Not expected: ${strange.join(', ') || 'nothing'}. Missing: ${absent.join(', ') || 'nothing'}.`)
}

/** In a process of its own, which must end by itself: an entry that opens a timer, a socket or a window when imported would keep it alive or break it. */
async function importEntry(name, work) {
  const script = `const entry = await import(${JSON.stringify(name)}); console.log(Object.keys(entry).length)`
  const { stdout } = await exec(node, ['--input-type=module', '-e', script], { cwd: work, timeout: 20_000 })
  if (!(Number(stdout) > 0)) throw new Error(`${name} exports nothing`)
  return `${Number(stdout)} names`
}

async function types(work, resolution) {
  const sheets = Object.keys(manifest.exports).filter((subpath) => subpath.endsWith('.css')).map((subpath) => `import '${manifest.name}${subpath.slice(1)}'`)
  const imports = entries.map(({ name }, index) => `import * as entry${index} from '${name}'\nvoid entry${index}`)
  await writeFile(join(work, 'consumer.ts'), [...sheets, ...imports, ''].join('\n'))
  // The tests of types hold for what is published, too.
  const own = (await readdir(join(root, 'test/types'))).filter((file) => file.endsWith('.ts'))
  for (const file of own) await copyFile(join(root, 'test/types', file), join(work, file))
  const compilerOptions = {
    target: 'ES2022', module: resolution === 'bundler' ? 'ESNext' : 'Node16', moduleResolution: resolution, lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    strict: true, noEmit: true, jsx: 'react-jsx', types: [], skipLibCheck: false, exactOptionalPropertyTypes: true,
  }
  await writeFile(join(work, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts', ...own] }))
  await exec(node, [bin('typescript/bin/tsc'), '-p', work], { cwd: work })
}

/** Within layers the order of the layers decides, without them the order of the rules: both must say the same. */
async function sheets(installed) {
  const [layered, unlayered] = await Promise.all(['styles.css', 'styles.unlayered.css'].map(async (file) => postcss.parse(await readFile(join(installed, 'dist', file), 'utf8'))))
  const outside = layered.nodes.filter((node) => node.type === 'rule' || (node.type === 'atrule' && ['media', 'supports', 'container'].includes(node.name)))
  if (outside.length > 0) throw new Error(`Rules outside of @layer readback: ${outside.map((node) => node.selector ?? `@${node.name}`).join(', ')}`)
  const order = []
  const byLayer = new Map()
  const place = (node, layer) => {
    if (node.type === 'atrule' && node.name === 'layer') {
      const names = node.params.split(',').map((name) => [layer, name.trim()].filter(Boolean).join('.'))
      for (const name of names) if (!order.includes(name)) order.push(name)
      for (const child of node.nodes ?? []) place(child, names[0])
    } else byLayer.set(layer, [...(byLayer.get(layer) ?? []), flat(node)])
  }
  for (const node of layered.nodes) place(node, '')
  // A rule directly in a layer wins over those in the layers inside it.
  const depthLast = order.toSorted((a, b) => (b.startsWith(`${a}.`) ? 1 : a.startsWith(`${b}.`) ? -1 : order.indexOf(a) - order.indexOf(b)))
  const expected = depthLast.flatMap((name) => byLayer.get(name) ?? []).filter((rule) => !isUnordered(rule))
  const found = unlayered.nodes.map(flat).filter((rule) => !isUnordered(rule))
  const at = expected.findIndex((rule, index) => rule !== found[index])
  if (at >= 0 || expected.length !== found.length) throw new Error(`They differ from rule ${at} on: ${expected[at]} against ${found[at]}. Write the layers in the order of their declaration.`)
  return `${found.length} rules`
}

const flat = (node) => node.toString().replace(/\s+/g, ' ')
const isUnordered = (rule) => /^@(keyframes|property|font-face)/.test(rule)

/** One file says 'use client', and no entry reaches React but through it. The test kit renders nothing and may not reach it at all. */
async function directives(installed) {
  const dist = join(installed, 'dist')
  const modules = (await readdir(dist, { recursive: true })).filter((file) => file.endsWith('.js'))
  const boundaries = modules.filter((file) => DIRECTIVE.test(readFileSync(join(dist, file), 'utf8')))
  if (boundaries.join() !== 'ui.js') throw new Error(`'use client' belongs into ui.js alone, and is in ${boundaries.join(', ') || 'no file'}.`)
  const reached = new Set()
  const visit = (path) => {
    if (reached.has(path) || path === join(dist, 'ui.js')) return
    reached.add(path)
    const code = readFileSync(path, 'utf8')
    if (/^(?:import|export) .*from "(?:react|react-dom|@tanstack\/react-virtual)(?:\/[^"]*)?";$/m.test(code)) throw new Error(`A server that imports an entry runs ${path}, which imports React. Let its source say 'use client'.`)
    for (const [, from] of code.matchAll(/^(?:import|export) .*?"(\.[^"]+)";$/gm)) visit(join(dirname(path), from))
  }
  for (const { output } of entries) visit(join(dist, `${output}.js`))
  return `${reached.size} modules on the server's side`
}

const DIRECTIVE = /^['"]use client['"]/

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main()
