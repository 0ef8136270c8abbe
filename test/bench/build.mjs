/** Builds the pages of the benchmark as an app would be built for production. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { entries, root } from '../tools/entries.mjs'

const pages = join(root, 'test/bench/page')

const PAGES = {
  blank: new URL('./page/blank/main.tsx', import.meta.url),
  floor: new URL('./page/floor/main.tsx', import.meta.url),
  ingest: new URL('./page/ingest/main.ts', import.meta.url),
  readback: new URL('./page/readback/main.tsx', import.meta.url),
  wire: new URL('./page/wire/main.tsx', import.meta.url),
}

const alias = [
  ...entries.map(({ name, source }) => ({ find: new RegExp(`^${name}$`), replacement: join(root, source) })),
  { find: /^readback\/styles\.css$/, replacement: join(root, 'src/styles/styles.css') },
]

/**
 * @param {string} name folder under `page`, or of a contestant
 * @param {{ outDir: string, entry?: string, plugins?: import('vite').Plugin[] }} options
 * @returns {Promise<{ gzipBytes: number, cssGzipBytes: number }>}
 */
export async function buildPage(name, { outDir, entry = fileURLToPath(PAGES[name]), plugins = [] }) {
  const out = join(outDir, name)
  await build({
    configFile: false,
    root: pages,
    logLevel: 'error',
    mode: 'production',
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { alias },
    plugins,
    build: {
      outDir: out, emptyOutDir: true, target: 'es2022', minify: true, cssCodeSplit: false, reportCompressedSize: false, chunkSizeWarningLimit: 10_000,
      rolldownOptions: { input: { main: entry }, output: { entryFileNames: 'main.js', chunkFileNames: '[name]-[hash].js', assetFileNames: '[name][extname]' } },
    },
  })
  const bytesOf = (ending) => readdirSync(out, { recursive: true }).filter((file) => file.endsWith(ending)).reduce((sum, file) => sum + gzipSync(readFileSync(join(out, file)), { level: 9 }).length, 0)
  return { gzipBytes: bytesOf('.js'), cssGzipBytes: bytesOf('.css') }
}
