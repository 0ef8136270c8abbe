import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { equivalents, staleEquivalents } from './long/equivalentMutants.mjs'
import { allMutants } from './long/mutants.mjs'
import { sharesOf } from './long/mutantShares.mjs'
import { BUGS } from './long/planted.mjs'
import { allArrows, checkArchitecture, FOLDERS, type SourceTree } from './tools/architecture.js'

const SRC = fileURLToPath(new URL('../src', import.meta.url))
const ROOT = fileURLToPath(new URL('..', import.meta.url))

describe('the import graph of src', () => {
  const tree = readTree(SRC)

  test('the walk sees the tree: every folder with files, and arrows between them', () => {
    expect(tree.size).toBeGreaterThan(20)
    expect(allArrows(tree).length).toBeGreaterThan(tree.size)
    expect(allArrows(tree)).toContainEqual(expect.objectContaining({ from: 'index.ts', to: 'core.ts' }))
  })

  test('imports point one way, effects come in as arguments, nothing is in a ring', () => {
    expect(checkArchitecture(tree)).toEqual([])
  })
})

describe('a planted violation is found', () => {
  const planted: readonly (readonly [name: string, files: Record<string, string>, message: string])[] = [
    ['an arrow upwards', { 'model/a.ts': "import { b } from '../store/b.js'", 'store/b.ts': '' }, 'src/model/a.ts:1 → src/store/b.ts: model comes before store and may not import it'],
    ['a type-only arrow upwards', { 'receipts/a.ts': "\nimport type { B } from '../client/b.js'", 'client/b.ts': '' }, 'src/receipts/a.ts:2 → src/client/b.ts: receipts comes before client and may not import it'],
    ['a re-export upwards', { 'sync/a.ts': "export * from '../components/b.js'", 'components/b.tsx': '' }, 'src/sync/a.ts:1 → src/components/b.tsx: sync comes before components and may not import it'],
    ['a dynamic import upwards', { 'store/a.ts': "const b = () => import('../react/b.js')", 'react/b.ts': '' }, 'src/store/a.ts:1 → src/react/b.ts: store comes before react and may not import it'],
    ['an import over several lines', { 'model/a.ts': "import {\n  type B,\n  c as d, // why\n} from '../store/b.js'", 'store/b.ts': '' }, 'src/model/a.ts:1 → src/store/b.ts: model comes before store and may not import it'],
    ['a folder without a place', { 'utils/a.ts': "import { b } from '../model/b.js'", 'model/b.ts': '' }, 'src/utils/a.ts:1 → src/model/b.ts: the folder utils has no place in the order'],
    ['use of the test kit', { 'client/a.ts': "import { b } from '../testing/b.js'", 'testing/b.ts': '' }, 'src/client/a.ts:1 → src/testing/b.ts: nothing imports testing'],
    ['use of an entry', { 'client/a.ts': "import { b } from '../core.js'", 'core.ts': '' }, 'src/client/a.ts:1 → src/core.ts: only testing imports an entry'],
    ['a transport that knows another', { 'transport/nats/a.ts': "import '../memory/index.js'", 'transport/memory/index.ts': '' }, 'src/transport/nats/a.ts:1 → src/transport/memory/index.ts: only its own entry and testing know transport/memory'],
    ['React in the core', { 'core.ts': "export * from './client/a.js'", 'client/a.ts': "import { useMemo } from 'react'" }, 'src/core.ts:1 → src/client/a.ts, src/client/a.ts:1 → react: readback/core loads no React'],
    ['JSX in the core', { 'core.ts': "export * from './client/a.js'", 'client/a.tsx': '' }, 'src/core.ts:1 → src/client/a.tsx: readback/core reaches no .tsx: JSX brings React when it is built'],
    ['Dexie behind the root entry', { 'index.ts': "import './storage/dexie/index.js'", 'storage/dexie/index.ts': "import Dexie from 'dexie'" }, 'src/index.ts:1 → src/storage/dexie/index.ts: nobody pays for a database that they do not import'],
    ['Dexie outside its folder', { 'transport/memory/a.ts': "import Dexie from 'dexie'" }, 'src/transport/memory/a.ts:1 → dexie: only storage/dexie may import dexie'],
    ['an unknown package', { 'model/a.ts': "import _ from 'lodash'" }, 'src/model/a.ts:1 → lodash: no part depends on this package'],
    ['a stylesheet', { 'components/a.tsx': "import './a.css'" }, 'src/components/a.tsx:1 → src/components/a.css: no TypeScript imports CSS; the app imports readback/styles.css'],
    ['a missing ending', { 'model/a.ts': "import { b } from './b'", 'model/b.ts': '' }, 'src/model/a.ts:1 → src/model/b.ts: a relative import ends in .js'],
    ['a missing file', { 'model/a.ts': "import { b } from './b.js'" }, 'src/model/a.ts:1 → src/model/b.js: there is no such file'],
    ['a ring', { 'model/a.ts': "import './b.js'", 'model/b.ts': "import './a.js'" }, 'src/model/a.ts:1 → src/model/b.ts, src/model/b.ts:1 → src/model/a.ts: these files import each other in a ring'],
    ['a clock of its own', { 'reading/a.ts': '/** not Date.now() here */\nconst t = Date.now()' }, 'src/reading/a.ts:2 uses Date.now: take it from the ports (src/model/ports.ts), so that a test can replace it'],
    ['a timer inside a template', { 'sync/a.ts': 'const t = `${setTimeout(f, 1)}`' }, 'src/sync/a.ts:1 uses setTimeout: take it from the ports (src/model/ports.ts), so that a test can replace it'],
    ['a database in the store', { 'store/a.ts': 'indexedDB.open(name)' }, 'src/store/a.ts:1 uses indexedDB: take it from the ports (src/model/ports.ts), so that a test can replace it'],
    ['a clock in an adapter', { 'storage/dexie/a.ts': 'const d = new Date()' }, 'src/storage/dexie/a.ts:1 uses new Date(: take it from the ports (src/model/ports.ts), so that a test can replace it'],
    ['a file too long', { 'model/a.ts': '\n'.repeat(401) }, 'src/model/a.ts has 401 lines, more than 400: look for the second noun'],
  ]

  test.each(planted)('%s', (_name, files, message) => {
    expect(checkArchitecture(new Map(Object.entries(files)))).toContain(message)
  })

  test('and what is allowed is let through', () => {
    const files = {
      'index.ts': "export * from './core.js'\nexport * from './components/a.js'",
      'core.ts': "export * from './model/a.js'",
      'model/a.ts': "/** import x from '../store/b.js' and Date.now() */\nexport const text = \"import 'react'\"\nexport const navigatorName = options.navigator ?? { document: 1 }\nconst quote = /['\"`]/ // setTimeout",
      'components/a.tsx': "import { useMemo } from 'react'\nexport const a = <p>Don't</p>",
      'transport/memory/index.ts': 'export const open = (options) => options.indexedDB ?? indexedDB',
      'model/systemPorts.ts': 'export const now = () => Date.now()',
      'testing/index.ts': "export * from '../core.js'\nimport '../storage/dexie/index.js'",
      'storage/dexie/index.ts': "import Dexie from 'dexie'\nimport '../memory/index.js'\nimport '../rows/a.js'\nimport { b } from './b.js'",
      'storage/dexie/b.ts': "import type { A } from './index.js'",
      'storage/memory/index.ts': "import '../rows/a.js'",
      'storage/rows/a.ts': '',
    }
    expect(checkArchitecture(new Map(Object.entries(files)))).toEqual([])
  })

  test('every folder of the order is one of src', () => {
    expect(readdirSync(SRC)).toEqual(expect.arrayContaining([...FOLDERS]))
  })
})

/** They are planted at night; that the source has moved on from under one is found here. */
describe('the bugs that are planted', () => {
  test('each has its place in the source, once', () => {
    const placesOf = ({ file, from }: (typeof BUGS)[number]) => readFileSync(join(ROOT, file), 'utf8').split(from).length - 1
    expect(BUGS.filter((bug) => placesOf(bug) !== 1).map(({ name, file }) => `${file}: ${name}`)).toEqual([])
    expect(BUGS.length).toBeGreaterThan(100)
  })

  test('each changes its place, and is looked for by tests that there are', () => {
    expect(BUGS.filter(({ from, to, tests }) => from === to || tests.length === 0 || !tests.every((path) => existsSync(join(ROOT, path)))).map(({ name }) => name)).toEqual([])
  })
})

/** They are tried at night as well. */
describe('the mutants', () => {
  test('each that is said to change nothing is one of those that are made', () => {
    const mutants = allMutants()
    expect(staleEquivalents(mutants).map(({ file, code, from, to }) => `${file}: ${code} ${from} → ${to}`)).toEqual([])
    expect(mutants.length).toBeGreaterThan(10 * equivalents.length)
    expect(staleEquivalents(mutants.filter(({ file }) => file !== 'src/receipts/status.ts')).map(({ file }) => file)).toContain('src/receipts/status.ts')
  })

  test('a reason is of one change: one for a whole line is refused', () => {
    const mutants = allMutants()
    const line = { file: 'src/receipts/stateColumns.ts', code: 'waste > MOST_WASTE', why: 'when it is packed, not what is in it' }
    const one = { ...line, from: '&&', to: '||' }
    expect(staleEquivalents(mutants, [one, line, { ...line, to: '||' }, { ...line, from: '&&' }])).toEqual([line, { ...line, to: '||' }, { ...line, from: '&&' }])
  })

  test('each folder has to kill its share, and none makes good for another', () => {
    const of = (folder: string, count: number) => Array.from({ length: count }, () => ({ file: `src/${folder}/a.ts` }))
    const shares = sharesOf(['src/receipts', 'src/reading'], [...of('receipts', 90), ...of('reading', 10)], of('reading', 2), 90)
    expect(shares.map(({ percent, isEnough }) => [percent, isEnough])).toEqual([[100, true], [80, false]])
  })
})

function readTree(folder: string): SourceTree {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'))
  return new Map(paths.filter((path) => /\.tsx?$/.test(path)).map((path) => [path, readFileSync(join(folder, path), 'utf8')]))
}
