/** The rules of how `src` hangs together, as functions of a file tree, so that they can be tried on planted trees too. */
import { posix } from 'node:path'
import { findInCode, scanImports } from './scanSource.js'

/** Path under src → text. */
export type SourceTree = ReadonlyMap<string, string>

/** A folder imports only from itself and from those before it. */
export const FOLDERS = ['model', 'receipts', 'reading', 'transport', 'storage', 'store', 'sync', 'client', 'locales', 'react', 'components'] as const

/** Which folders may import a package; longest match first. Everything else needs a decision here. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  react: ['react', 'components'],
  'react-dom': ['react', 'components'],
  zustand: ['store', 'sync', 'client', 'react'],
  dexie: ['storage/dexie'],
  '@tanstack/react-virtual': ['react', 'components'],
}

/** What the core takes as arguments instead (src/model/ports.ts). */
const EFFECTS = /(?<![.\w$])(?:Date\.now|new\s+Date\s*\(\s*(?=\))|Math\.random|setTimeout|setInterval|setImmediate|requestAnimationFrame|requestIdleCallback|performance\.now|navigator|localStorage|sessionStorage|document|(?:typeof\s+window\b|window\s*\.\s*(?:addEventListener|removeEventListener|document|navigator|location|setTimeout|indexedDB|matchMedia|requestAnimationFrame))|indexedDB|BroadcastChannel|IDBKeyRange|crypto|fetch)(?!\w|\s*\??\s*:)/g
const EFFECT_FREE = FOLDERS.slice(0, FOLDERS.indexOf('client') + 1)
/** The browser's own; each comes only with what asks for it. */
const PORTS: readonly string[] = ['model/systemPorts.ts', 'model/systemTime.ts', 'model/systemActivity.ts']
/** These two talk to the browser's database and channels; both come in through options and default to the globals. */
const DATABASE_DEFAULTS = ['transport/memory/', 'storage/dexie/']
const DATABASE_GLOBALS = /^(indexedDB|BroadcastChannel|IDBKeyRange)$/

const MAX_LINES = 400

export interface Arrow {
  readonly from: string
  readonly line: number
  readonly specifier: string
  /** Path under src, or null for a package. */
  readonly to: string | null
  /** Gone when the code runs. */
  readonly typeOnly: boolean
}

/** Everything wrong with a tree, one sentence each, with file and line. */
export function checkArchitecture(tree: SourceTree): readonly string[] {
  const arrows = allArrows(tree)
  return [
    ...arrows.flatMap((arrow) => resolution(arrow, tree)),
    ...arrows.flatMap((arrow) => direction(arrow, tree)),
    ...arrows.flatMap(packageUse),
    ...reach(tree, arrows),
    ...cycles(tree, arrows),
    ...[...tree].flatMap(([path, text]) => [...effects(path, text), ...size(path, text)]),
  ]
}

export function allArrows(tree: SourceTree): readonly Arrow[] {
  return [...tree].flatMap(([from, text]) =>
    scanImports(text).map(({ specifier, line, typeOnly }) => ({ from, line, specifier, typeOnly, to: resolve(from, specifier, tree) })))
}

function resolve(from: string, specifier: string, tree: SourceTree): string | null {
  if (!specifier.startsWith('.')) return null
  const plain = posix.join(posix.dirname(from), specifier)
  const stem = plain.replace(/\.js$/, '')
  return [`${stem}.ts`, `${stem}.tsx`].find((path) => tree.has(path)) ?? plain
}

const show = ({ from, line, to, specifier }: Arrow) => `src/${from}:${line} → ${to === null ? specifier : `src/${to}`}`

function resolution(arrow: Arrow, tree: SourceTree): readonly string[] {
  if (arrow.to === null) return []
  if (/\.css$/.test(arrow.specifier)) return [`${show(arrow)}: no TypeScript imports CSS; the app imports readback/styles.css`]
  if (!arrow.specifier.endsWith('.js')) return [`${show(arrow)}: a relative import ends in .js`]
  return tree.has(arrow.to) ? [] : [`${show(arrow)}: there is no such file`]
}

function direction(arrow: Arrow, tree: SourceTree): readonly string[] {
  const { from, to } = arrow
  if (to === null) return []
  const [source, target] = [folderOf(from), folderOf(to)]
  if (source === target) return betweenAdapters(arrow, tree)
  if (target === 'testing') return [`${show(arrow)}: nothing imports testing`]
  if (source === 'testing') return []
  if (target === '') return [`${show(arrow)}: only testing imports an entry${from === 'index.ts' ? '; index.ts may import core.ts' : ''}`].filter(() => !(from === 'index.ts' && to === 'core.ts'))
  if (source === '') return rank(target) > rank(LAST[from] ?? 'components') ? [`${show(arrow)}: ${from.slice(0, -'.ts'.length)} ends with ${LAST[from]}`] : unknown(arrow, target)
  if (rank(source) < 0) return unknown(arrow, source)
  if (rank(target) < 0) return unknown(arrow, target)
  return rank(target) > rank(source) ? [`${show(arrow)}: ${source} comes before ${target} and may not import it`] : []
}

/** The last folder that an entry of rules alone holds. */
const LAST: Readonly<Record<string, string>> = { 'core.ts': 'client', 'receipts.ts': 'receipts' }

const folderOf = (path: string) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '')
const rank = (folder: string) => (FOLDERS as readonly string[]).indexOf(folder)
const unknown = (arrow: Arrow, folder: string) => (rank(folder) < 0 ? [`${show(arrow)}: the folder ${folder} has no place in the order`] : [])

/** A transport or a storage with an entry of its own does not know the others; what they share lies in a folder without one. */
function betweenAdapters(arrow: Arrow, tree: SourceTree): readonly string[] {
  const [from, to] = [arrow.from, arrow.to!].map((path) => /^(?:transport|storage)\/[^/]+(?=\/)/.exec(path)?.[0])
  if (to === undefined || from === to || !tree.has(`${to}/index.ts`)) return []
  if (from !== undefined && FALLBACKS[from] === to) return []
  return [`${show(arrow)}: only its own entry and testing know ${to}`]
}

/** Without IndexedDB the kit goes on in memory and says so. */
const FALLBACKS: Readonly<Record<string, string>> = { 'storage/dexie': 'storage/memory' }

function packageUse(arrow: Arrow): readonly string[] {
  if (arrow.to !== null) return []
  const name = Object.keys(PACKAGES).find((known) => arrow.specifier === known || arrow.specifier.startsWith(`${known}/`))
  if (!name) return [`${show(arrow)}: no part depends on this package`]
  const allowed = PACKAGES[name]!.some((folder) => arrow.from.startsWith(`${folder}/`))
  return allowed ? [] : [`${show(arrow)}: only ${PACKAGES[name]!.join(', ')} may import ${name}`]
}

/** What an entry loads, however far away. */
function reach(tree: SourceTree, arrows: readonly Arrow[]): readonly string[] {
  const problems: string[] = []
  const forbid = (entry: string, is: (arrow: Arrow) => boolean, why: string) => {
    const path = pathTo(entry, arrows, is)
    if (path) problems.push(`${path.map(show).join(', ')}: ${why}`)
  }
  const isPackage = (name: string) => ({ to, specifier }: Arrow) => to === null && (specifier === name || specifier.startsWith(`${name}/`))
  const database = (arrow: Arrow) => isPackage('dexie')(arrow) || Boolean(arrow.to?.startsWith('storage/dexie/'))
  for (const entry of tree.keys()) {
    if (entry === 'core.ts' || entry === 'receipts.ts') {
      const name = `readback/${entry.slice(0, -'.ts'.length)}`
      forbid(entry, (arrow) => isPackage('react')(arrow) || isPackage('react-dom')(arrow), `${name} loads no React`)
      forbid(entry, ({ to }) => to?.endsWith('.tsx') ?? false, `${name} reaches no .tsx: JSX brings React when it is built`)
    }
    if (!/^(storage\/dexie|testing)\//.test(entry) && !entry.includes('/')) forbid(entry, database, 'nobody pays for a database that they do not import')
    if (/^(transport\/[^/]+|storage\/memory|locales)\//.test(entry)) forbid(entry, database, 'only readback/storage/dexie loads Dexie')
  }
  return problems
}

/** The shortest chain of arrows from an entry to one that answers, or null. */
function pathTo(entry: string, arrows: readonly Arrow[], is: (arrow: Arrow) => boolean): readonly Arrow[] | null {
  const seen = new Set([entry])
  let front: readonly (readonly Arrow[])[] = arrows.filter(({ from }) => from === entry).map((arrow) => [arrow])
  while (front.length > 0) {
    const hit = front.find((path) => is(path.at(-1)!))
    if (hit) return hit
    front = front.flatMap((path) => {
      const at = path.at(-1)!.to
      if (at === null || seen.has(at)) return []
      seen.add(at)
      return arrows.filter(({ from }) => from === at).map((arrow) => [...path, arrow])
    })
  }
  return null
}

/** One sentence for each group of files that need each other to run. Types that name each other need nothing. */
function cycles(tree: SourceTree, all: readonly Arrow[]): readonly string[] {
  const arrows = all.filter(({ typeOnly }) => !typeOnly)
  const reported = new Set<string>()
  const problems: string[] = []
  for (const path of tree.keys()) {
    if (reported.has(path)) continue
    const ring = pathTo(path, arrows, ({ to }) => to === path)
    if (!ring) continue
    for (const { from } of ring) reported.add(from)
    problems.push(`${ring.map(show).join(', ')}: these files import each other in a ring`)
  }
  return problems
}

function effects(path: string, text: string): readonly string[] {
  if (PORTS.includes(path) || !(EFFECT_FREE as readonly string[]).includes(folderOf(path))) return []
  const mayUseDatabase = DATABASE_DEFAULTS.some((folder) => path.startsWith(folder))
  return findInCode(text, EFFECTS)
    .filter((use) => !(mayUseDatabase && DATABASE_GLOBALS.test(use.text)))
    .map((use) => `src/${path}:${use.line} uses ${use.text}: take it from the ports (src/model/ports.ts), so that a test can replace it`)
}

function size(path: string, text: string): readonly string[] {
  const lines = text.split('\n').length - 1
  return lines > MAX_LINES ? [`src/${path} has ${lines} lines, more than ${MAX_LINES}: look for the second noun`] : []
}
