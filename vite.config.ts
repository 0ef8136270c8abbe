import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig, type TestProjectInlineConfiguration, type ViteUserConfig } from 'vitest/config'
import { clientBoundary } from './test/tools/clientBoundary.mjs'
import { entries, isExternal } from './test/tools/entries.mjs'
import { realData } from './test/tools/realData.mjs'
import { CHROMIUM_ARGS, resolveChromium } from './test/tools/resolveChromium.mjs'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Tests and stories import the package by the names its users write. */
const alias = [
  ...entries.map(({ name, source }) => ({ find: new RegExp(`^${name}$`), replacement: at(source) })),
  { find: /^readback\/styles(\.unlayered)?\.css$/, replacement: at('src/styles/styles.css') },
]

export default defineConfig(async (): Promise<ViteUserConfig> => ({
  resolve: { alias },
  plugins: [react(), styles(), clientBoundary()],
  publicDir: false,
  optimizeDeps: { include: DEPENDENCIES },
  build: {
    target: 'es2022',
    minify: false,
    sourcemap: true,
    lib: { entry: Object.fromEntries(entries.map(({ output, source }) => [output, at(source)])), formats: ['es'] },
    rolldownOptions: {
      external: isExternal,
      // One module a file: a bundler drops what is not used.
      output: { preserveModules: true, preserveModulesRoot: at('src'), entryFileNames: '[name].js' },
    },
  },
  ...(process.env['VITEST'] ? { test: { projects: await testProjects() } } : {}),
}))

/** Loads only what the projects asked for need: `--project 'unit*'` starts no Storybook and looks for no browser. */
async function testProjects(): Promise<TestProjectInlineConfiguration[]> {
  const projects: Record<string, () => Promise<TestProjectInlineConfiguration>> = { unit, 'unit-dom': unitDom, browser, storybook, long }
  const all = Object.keys(projects)
  const asked = projectArguments(process.argv)
  const named = all.filter((name) => asked.some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each)))
  // Anything else (a negation) is Vitest's to resolve.
  const names = named.length > 0 ? named : all.filter((name) => name !== 'long')
  return Promise.all(names.map((name) => projects[name]!()))
}

/** Without a page. These share the modules that a process has loaded: for each file anew it took as long as the tests themselves. */
async function unit(): Promise<TestProjectInlineConfiguration> {
  return { extends: true, test: { name: 'unit', ...UNIT, isolate: false, unstubGlobals: true, include: TESTS, exclude: [...NOT_UNIT, ...withPage()] } }
}

/** With a page of their own, and modules that have seen no other: React and Testing Library keep the first that they meet. */
async function unitDom(): Promise<TestProjectInlineConfiguration> {
  return { extends: true, test: { name: 'unit-dom', ...UNIT, include: withPage(), exclude: NOT_UNIT } }
}

/** Test files that say in their first line that they want one. */
function withPage(): string[] {
  const files = readdirSync(at('test'), { recursive: true, encoding: 'utf8' }).filter((file) => /\.test\.tsx?$/.test(file)).map((file) => `test/${file.replaceAll('\\', '/')}`)
  return files.filter((file) => readFileSync(at(file), 'utf8').startsWith('// @vitest-environment jsdom'))
}

/** What takes minutes: only when asked for by name. */
async function long(): Promise<TestProjectInlineConfiguration> {
  return { extends: true, test: { name: 'long', environment: 'node', include: ['test/long/**/*.test.{ts,tsx}'], env: { READBACK_SAMPLE: 'all' }, ...PATIENCE } }
}

async function browser(): Promise<TestProjectInlineConfiguration> {
  return {
    extends: true,
    optimizeDeps: { include: TEST_DEPENDENCIES },
    plugins: [realData()],
    test: { name: 'browser', include: ['test/browser/**/*.test.{ts,tsx}'], globalSetup: [at('test/servers/browserSetup.ts')], browser: await chromium(), testTimeout: 30_000, env: SAMPLE, ...PATIENCE },
  }
}

async function storybook(): Promise<TestProjectInlineConfiguration> {
  const { storybookTest } = await import('@storybook/addon-vitest/vitest-plugin')
  return {
    extends: true,
    optimizeDeps: { include: TEST_DEPENDENCIES },
    plugins: [storybookTest({ configDir: at('.storybook') })],
    test: { name: 'storybook', browser: await chromium(), testTimeout: 30_000 },
  }
}

/** Made anew for each project: one object shared by two fails with "already defined". */
async function chromium(): Promise<NonNullable<NonNullable<TestProjectInlineConfiguration['test']>['browser']>> {
  const { playwright } = await import('@vitest/browser-playwright')
  return {
    enabled: true,
    headless: true,
    provider: playwright({ launchOptions: { args: CHROMIUM_ARGS, executablePath: await resolveChromium() } }),
    instances: [{ browser: 'chromium' }],
    screenshotFailures: false,
  }
}

/** How long a test waits for something before it fails. */
const PATIENCE = { setupFiles: [at('test/tools/patience.ts')], expect: { poll: { timeout: 15_000 } } }

const TESTS = ['test/**/*.test.{ts,tsx}']
const NOT_UNIT = ['test/{browser,integration,long,bench,consumers,servers}/**']

/** By which seed tests choose what they try of something large. See `test/tools/sample.ts`. */
const SAMPLE = { READBACK_SAMPLE: process.env['READBACK_SAMPLE'] ?? '1' }

/** What hangs fails; what waits for a busy core does not. */
const UNIT = { environment: 'node', testTimeout: 30_000, env: SAMPLE, ...PATIENCE }

/** Found late, these would reload the page in the middle of the first run, in Storybook as in tests. */
const DEPENDENCIES = [
  'react', 'react-dom', 'react-dom/client', 'react/jsx-runtime', 'react/jsx-dev-runtime', 'dexie', 'zustand/vanilla', '@tanstack/react-virtual', 'redux',
]
const TEST_DEPENDENCIES = [...DEPENDENCIES, 'react-dom/server', '@testing-library/react', '@testing-library/dom', '@testing-library/user-event', 'fast-check']

function projectArguments(argv: readonly string[]): string[] {
  return argv.flatMap((argument, index) => {
    if (argument === '--project') return argv.slice(index + 1, index + 2)
    return argument.startsWith('--project=') ? [argument.slice('--project='.length)] : []
  })
}

/** Stylesheets are built beside the modules; no TypeScript imports them. */
function styles(): Plugin {
  return {
    name: 'readback-styles',
    // Storybook builds with this file too, and without `build.lib`.
    apply: (config, { command }) => command === 'build' && Boolean(config.build?.lib),
    async generateBundle() {
      const { buildStyles } = await import('./test/tools/styles.mjs')
      for (const [fileName, source] of Object.entries(buildStyles())) this.emitFile({ type: 'asset', fileName, source })
    },
  }
}
