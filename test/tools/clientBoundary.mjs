/**
 * Gathers what must not run on a server behind one file.
 *
 * Each module of components and hooks says 'use client', and a bundler that makes nothing of it warns of every one (Vite without its React
 * plugin: a hundred times). One file `ui.js` says it for all: it re-exports by name, because a boundary may not `export *`.
 * `index.js` takes them from there, so that server components still get `createChatClient` and all rules as they are.
 */
const DIRECTIVE = /^(['"])use client\1;?[ \t]*$/m
const IMPORT = /^import \{ ([^}]+) \} from "(\.\/[^"]+)";$/gm

/** @returns {import('vite').Plugin} */
export function clientBoundary() {
  return {
    name: 'readback-client-boundary',
    // Storybook builds with the same configuration, and without `build.lib`.
    apply: (config, { command }) => command === 'build' && Boolean(config.build?.lib),
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter(({ type }) => type === 'chunk')
      const isClient = new Set(chunks.filter(({ code }) => DIRECTIVE.test(code.slice(0, 20))).map(({ fileName }) => fileName))
      // Lines stay where they are: source maps were made already.
      for (const chunk of chunks) if (isClient.has(chunk.fileName)) chunk.code = chunk.code.replace(DIRECTIVE, '')
      const index = bundle['index.js']
      const gathered = []
      index.code = index.code.replaceAll(IMPORT, (line, names, from) => {
        if (!isClient.has(from.slice(2))) return line
        gathered.push(`export { ${names} } from "${from}";`)
        return `import { ${names.split(', ').map((name) => name.split(' as ').at(-1)).join(', ')} } from "./ui.js";`
      })
      if (gathered.length === 0) throw new Error('index.js imports nothing that says "use client": the boundary was lost.')
      this.emitFile({ type: 'asset', fileName: 'ui.js', source: `"use client";\n${gathered.join('\n')}\n` })
    },
  }
}
