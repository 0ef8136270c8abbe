/** What an app pays that brings its own store: bundled from the sources, what is in it module by module. */
import { join, relative } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { build, type Rollup } from 'vite'
import { entries, root } from '../tools/entries.mjs'

const LIST = ['src/components/MessageList.tsx', 'src/components/ReadBadge.tsx']

/** The two ways in without a client: a store of the app's own, which is Redux; and an array. */
const PAGES = {
  'an app’s own Redux store': { input: join(root, 'stories/scenarios/HostStore.tsx'), holds: /^node_modules\/redux\// },
  'a plain array': { input: 'virtual:array-page', holds: /^src\/store\/createArraySource\.ts$/ },
} as const

/** As in the README: nothing but an array of messages. */
const ARRAY_PAGE = `
import { createArraySource, MessageList, ReadBadge } from 'readback'
import { createElement } from 'react'
export const page = (messages) => [createElement(MessageList, { source: createArraySource(messages) }), createElement(ReadBadge, { read: 3, total: 12 })]
`

describe.each(Object.entries(PAGES))('<MessageList> and <ReadBadge> over %s', (_, { input, holds }) => {
  let modules: readonly string[] = []
  let imports: readonly string[] = []

  beforeAll(async () => {
    const output = await bundle(input)
    const chunks = output.filter((part) => part.type === 'chunk')
    modules = chunks.flatMap((chunk) => Object.entries(chunk.modules).filter(([, { renderedLength }]) => renderedLength > 0).map(([id]) => relative(root, id)))
    imports = chunks.flatMap((chunk) => [...chunk.imports, ...chunk.dynamicImports])
  }, 60_000)

  it('hold the list, the badge and what they are given', () => {
    for (const file of LIST) expect(modules).toContain(file)
    expect(modules.filter((file) => holds.test(file))).toHaveLength(1)
  })

  it('hold no client, no sync, no transport, no storage and no database', () => {
    const foreign = modules.filter((file) => /^src\/(client|sync|transport|storage|testing)\//.test(file))
    expect(foreign).toEqual([])
    expect([...modules, ...imports].filter((name) => /dexie|zustand/.test(name))).toEqual([])
  })
})

async function bundle(input: string): Promise<readonly (Rollup.OutputChunk | Rollup.OutputAsset)[]> {
  const result = await build({
    configFile: false,
    root,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { alias: entries.map(({ name, source }) => ({ find: new RegExp(`^${name}$`), replacement: join(root, source) })) },
    plugins: [{ name: 'array-page', resolveId: (id) => (id === PAGES['a plain array'].input ? id : null), load: (id) => (id === PAGES['a plain array'].input ? ARRAY_PAGE : null) }],
    build: { write: false, target: 'es2022', minify: false, rolldownOptions: { input, preserveEntrySignatures: 'strict', external: (id: string) => /^react(-dom)?(\/|$)|\.css$/.test(id) } },
  })
  return (result as Rollup.RollupOutput).output
}
