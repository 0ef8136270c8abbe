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

/** Loads only what the projects asked for need: `--project unit` starts no Storybook and looks for no browser. */
async function testProjects(): Promise<TestProjectInlineConfiguration[]> {
  const projects: Record<string, () => Promise<TestProjectInlineConfiguration>> = { unit, browser, storybook, long }
  const asked = projectArguments(process.argv)
  // Anything but plain names (a pattern, a negation) is Vitest's to resolve.
  const plain = asked.length > 0 && asked.every((name) => name in projects)
  const names = plain ? asked : Object.keys(projects).filter((name) => name !== 'long')
  return Promise.all(names.map((name) => projects[name]!()))
}

async function unit(): Promise<TestProjectInlineConfiguration> {
  return {
    extends: true,
    test: {
      name: 'unit',
      environment: 'node',
      // What hangs fails; what waits for a busy core does not.
      testTimeout: 30_000,
      env: SAMPLE,
      ...PATIENCE,
      include: ['test/**/*.test.{ts,tsx}'],
      exclude: ['test/{browser,integration,long,bench,consumers,servers}/**'],
    },
  }
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

/** By which seed tests choose what they try of something large. See `test/tools/sample.ts`. */
const SAMPLE = { READBACK_SAMPLE: process.env['READBACK_SAMPLE'] ?? '1' }

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
