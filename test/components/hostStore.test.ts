/** What an app pays that brings its own store: bundled from the sources, what is in it module by module. */
import { join, relative } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { build, type Rollup } from 'vite'
import { entries, root } from '../tools/entries.mjs'

describe('<MessageList> and <ReadBadge> over an app’s own store', () => {
  let modules: readonly string[] = []
  let imports: readonly string[] = []

  beforeAll(async () => {
    const output = await bundle(join(root, 'stories/scenarios/HostStore.tsx'))
    const chunks = output.filter((part) => part.type === 'chunk')
    modules = chunks.flatMap((chunk) => Object.entries(chunk.modules).filter(([, { renderedLength }]) => renderedLength > 0).map(([id]) => relative(root, id)))
    imports = chunks.flatMap((chunk) => [...chunk.imports, ...chunk.dynamicImports])
  }, 60_000)

  it('hold the list, the badge and the store', () => {
    for (const file of ['src/components/MessageList.tsx', 'src/components/ReadBadge.tsx', 'stories/scenarios/hostStore.ts']) expect(modules).toContain(file)
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
    build: { write: false, target: 'es2022', minify: false, rolldownOptions: { input, preserveEntrySignatures: 'strict', external: (id: string) => /^react(-dom)?(\/|$)|\.css$/.test(id) } },
  })
  return (result as Rollup.RollupOutput).output
}
