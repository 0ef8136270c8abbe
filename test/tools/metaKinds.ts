/**
 * Every kind of `meta` row that the source writes, by its key: `cursor`, `asked *`. Read from the source, so that one that is added stands here at once.
 * A key is a string, a constant, or an arrow that makes one; what is none of these has to be named here.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { blank } from './scanSource.js'

/** Keys that come in as arguments, by file and name. */
const PASSED: Readonly<Record<string, readonly string[]>> = { 'sync/requeueing.ts key': ['requeued', 'redone'] }
/** The table itself: what gives the others their `tx.meta`. */
const TABLE: readonly string[] = ['storage/dexie/dexieTx.ts', 'storage/memory/memoryTx.ts']

const WRITES = /\bmeta(?:'\))?\.put\(\s*(?:\{\s*key:\s*)?('[^']*'|\w+)(\()?/g
const CONSTANT = (name: string) => new RegExp(`\\bconst ${name} = ('[^']*'|\`[^\`]*\`)`)
const ARROW = (name: string) => new RegExp(`\\bconst ${name} = \\([^)]*\\) => (\`[^\`]*\`)`)

/** @param src - the folder */
export function metaKinds(src: string): readonly string[] {
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !/^testing\b/.test(file) && !TABLE.includes(file))
  return kindsIn(new Map(files.map((file) => [file, readFileSync(join(src, file), 'utf8')])))
}

/** @throws where a key cannot be found out */
export function kindsIn(files: ReadonlyMap<string, string>): readonly string[] {
  const sources = new Map([...files].map(([file, source]) => [file, blank(source, { strings: false })]))
  const kinds = [...sources].flatMap(([file, source]) => [...source.matchAll(WRITES)].flatMap(([, key, call]) => kindsOf(sources, file, key!, call !== undefined)))
  return [...new Set(kinds)].sort()
}

function kindsOf(sources: ReadonlyMap<string, string>, file: string, key: string, isCall: boolean): readonly string[] {
  if (key.startsWith("'")) return [key.slice(1, -1)]
  const passed = PASSED[`${file} ${key}`]
  if (passed) return passed
  // Its own file first: names such as `keyOf` are of many.
  const nearest = [sources.get(file)!, ...[...sources.values()].map((source) => source.replaceAll(/^const /gm, 'own '))]
  const found = nearest.map((source) => (isCall ? ARROW(key) : CONSTANT(key)).exec(source)?.[1]).find((text) => text !== undefined)
  if (found === undefined) throw new Error(`src/${file} writes a row of meta under ${key}, and it is not to be seen which key that is. Make it a constant or an arrow, or name it in test/tools/metaKinds.ts.`)
  return [found.slice(1, -1).replaceAll(/\$\{(\w+)\}/g, (_, name: string) => (/^[A-Z_]+$/.test(name) ? kindsOf(sources, file, name, false)[0]! : '*'))]
}

/** The kind of a key as a database has it. */
export function kindOfKey(kinds: readonly string[], key: string): string | undefined {
  return kinds.find((kind) => kind === key) ?? kinds.find((kind) => kind.endsWith('*') && key.startsWith(kind.slice(0, -1)))
}
