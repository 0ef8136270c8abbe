/** What a user pays for each piece: bundled, minified, gzip -9, React apart. Needs `npm run build` before; fails over budget. `--modules` also lists what weighs most. */
import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { entries, manifest, root } from './entries.mjs'

/** Budgets in bytes (1 kB = 1,000 bytes). */
const PROBES = [
  { name: 'useDwellRead alone', code: "export { useDwellRead } from 'readback'", budget: 2_000 },
  { name: 'ReceiptIcon alone', code: "export { ReceiptIcon } from 'readback'", budget: 1_000 },
  { name: 'readback/core without storage', code: "export * from 'readback/core'", budget: 14_000 },
  { name: 'what ChatWindow loads first', code: "export { ChatProvider, ChatWindow, createChatClient } from 'readback'", budget: 45_000 },
]
const SHEETS = [
  { file: 'styles.css', budget: 8_000 },
  { file: 'styles.unlayered.css', budget: 8_000 },
]
const REACT = /^react(-dom)?(\/|$)/
const DEXIE = /^dexie(\/|$)/
/** What this bundler adds to every `import()`, some 700 bytes, is its own and no other's. */
const PLAIN_IMPORT = 'export const __vitePreload = (load) => load()'
/** The only entry that may load the database. */
const DATABASE_ENTRY = './storage/dexie'

async function main() {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('There is no build to measure. Run `npm run build` first.')
  const rows = []
  for (const { name, code, budget } of PROBES) {
    const { bytes, laterBytes, pieces } = await bytesOf(code)
    rows.push({ ...row(name, bytes, budget), laterBytes, pieces })
  }
  for (const { file, budget } of SHEETS) rows.push(row(file, gzip(readFileSync(join(root, 'dist', file))), budget))
  const width = Math.max(...rows.map(({ name }) => name.length))
  for (const { name, bytes, budget, ok, laterBytes = 0, pieces = [] } of rows) {
    const later = laterBytes > 0 ? `, and ${kB(laterBytes).trim()} more when needed (${pieces.map(([piece, length]) => `${piece} ${(length / 1000).toFixed(1)}`).join(', ')})` : ''
    process.stdout.write(`${ok ? 'ok    ' : 'OVER  '} ${name.padEnd(width)} ${kB(bytes)} of ${kB(budget)}${later}\n`)
  }
  const free = await nothingForeign()
  const failed = rows.filter(({ ok }) => !ok).length + free.failed
  process.stdout.write(`\n${rows.length + free.checked - failed} passed, ${failed} failed\n`)
  process.exitCode = failed === 0 ? 0 : 1
}

/** Infinite where the piece cannot be bundled: that is over any budget. */
async function bytesOf(code) {
  try {
    const { bytes, laterBytes, pieces, modules } = await bundle(code)
    if (process.argv.includes('--modules')) process.stdout.write(`\n${code}\n${modules.slice(0, 25).map(([file, length]) => `${String(length).padStart(8)} ${file}`).join('\n')}\n`)
    return { bytes, laterBytes, pieces }
  } catch (error) {
    process.stdout.write(`${error.message}\n`)
    return { bytes: Number.POSITIVE_INFINITY, laterBytes: 0, pieces: [] }
  }
}

const row = (name, bytes, budget) => ({ name, bytes, budget, ok: bytes <= budget })
const kB = (bytes) => `${(bytes / 1000).toFixed(2).padStart(6)} kB`
const gzip = (content) => gzipSync(content, { level: 9 }).length

/** Nobody pays for a database, a transport or a locale that they do not import. Tried on the whole of every entry, so for any one name of it too. */
async function nothingForeign() {
  const checked = entries.filter(({ subpath }) => subpath !== './testing')
  let failed = 0
  for (const entry of checked) {
    const { imports, modules } = await bundle(`export * from '${entry.name}'`)
    const foreign = entries.filter((other) => other !== entry && !HOLDS[entry.subpath]?.includes(other.subpath) && modules.some(([file, length]) => length > 0 && file.startsWith(placeOf(other))))
    const database = entry.subpath !== DATABASE_ENTRY && imports.some((specifier) => DEXIE.test(specifier))
    if (foreign.length === 0 && !database) continue
    failed += 1
    process.stdout.write(`FAILED importing ${entry.name} pulls in ${[...foreign.map(({ name }) => name), ...(database ? ['dexie'] : [])].join(', ')}\n`)
  }
  process.stdout.write(`${failed === 0 ? 'ok    ' : 'FAILED'} ${checked.length} entries load no database, transport or locale of another\n`)
  return { checked: checked.length, failed }
}

/** What an entry is meant to hold of others: English is the default language, memory the fallback where there is no database. */
const HOLDS = { '.': ['./core', './locales/en'], './storage/dexie': ['./storage/memory'] }

/** A folder with an entry of its own, or a single file. */
const placeOf = ({ output }) => (output.endsWith('/index') ? `dist/${output.slice(0, -'index'.length)}` : `dist/${output}.js`)

/** Counts what is loaded at once: the entry chunk and what it imports statically. What is loaded lazily is not paid for first. */
async function bundle(code) {
  const probe = '\0virtual:probe.js'
  const { output } = await build({
    configFile: false,
    root,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { alias: entries.map(({ name, output: file }) => ({ find: new RegExp(`^${name}$`), replacement: join(root, 'dist', `${file}.js`) })) },
    plugins: [{ name: 'probe', enforce: 'pre', resolveId: (id) => (id === 'virtual:probe' ? probe : null), load: (id) => (id === probe ? code : id.endsWith('vite/preload-helper.js') ? PLAIN_IMPORT : null) }],
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      modulePreload: false,
      rolldownOptions: { input: 'virtual:probe', preserveEntrySignatures: 'strict', external: (id) => REACT.test(id) || DEXIE.test(id) },
    },
  })
  const chunks = new Map(output.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk]))
  const loaded = new Set()
  const imports = new Set()
  const load = (fileName) => {
    const chunk = chunks.get(fileName)
    if (!chunk) return void imports.add(fileName)
    if (loaded.has(chunk)) return
    loaded.add(chunk)
    chunk.imports.forEach(load)
  }
  load(output.find(({ isEntry }) => isEntry).fileName)
  const text = [...loaded].map((chunk) => chunk.code).join('')
  if (!text.includes('export')) throw new Error(`Nothing was bundled for: ${code}`)
  const modules = [...loaded].flatMap((chunk) => Object.entries(chunk.modules).map(([id, { renderedLength }]) => [relative(root, id), renderedLength])).toSorted((a, b) => b[1] - a[1])
  const rest = [...chunks.values()].filter((chunk) => !loaded.has(chunk))
  const later = rest.map((chunk) => chunk.code).join('')
  // Moving code out of the first load saves nothing that is fetched right after it: each piece is named with its weight.
  const pieces = rest.map((chunk) => [chunk.name, gzip(chunk.code)]).toSorted((a, b) => b[1] - a[1])
  return { bytes: gzip(text), laterBytes: later === '' ? 0 : gzip(text + later) - gzip(text), pieces, modules, imports: [...imports, ...[...chunks.values()].flatMap((chunk) => chunk.dynamicImports)] }
}

if (manifest.name !== 'readback') throw new Error('The probes import the package by the name readback.')
await main()
