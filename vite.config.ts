import { fileURLToPath } from 'node:url'
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { CHROMIUM_ARGS, resolveChromium } from './test/tools/resolveChromium.mjs'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Tests and stories import the package by the names its users write. */
const alias = [
  { find: /^readback$/, replacement: at('src/index.ts') },
  { find: /^readback\/core$/, replacement: at('src/core.ts') },
  { find: /^readback\/testing$/, replacement: at('src/testing/index.ts') },
  { find: /^readback\/(transport|storage)\/([a-z]+)$/, replacement: at('src/$1/$2/index.ts') },
  { find: /^readback\/locales\/(.+)$/, replacement: at('src/locales/$1.ts') },
  { find: /^readback\/styles\.css$/, replacement: at('src/styles/styles.css') },
]

export default defineConfig(async () => {
  const testing = process.env['VITEST'] !== undefined
  const executablePath = testing ? await resolveChromium() : undefined
  // A factory: one object shared by two projects fails with "already defined".
  const browser = () => ({
    enabled: true,
    headless: true,
    provider: playwright({ launchOptions: { args: CHROMIUM_ARGS, ...(executablePath ? { executablePath } : {}) } }),
    instances: [{ browser: 'chromium' as const }],
    screenshotFailures: false,
  })
  return {
    resolve: { alias },
    plugins: [react()],
    test: {
      projects: [
        { extends: true, test: { name: 'unit', environment: 'node', include: ['test/**/*.test.{ts,tsx}'], exclude: ['test/browser/**', 'test/integration/**', 'test/long/**', 'test/bench/**'] } },
        { extends: true, optimizeDeps: { include: BROWSER_DEPENDENCIES }, test: { name: 'browser', include: ['test/browser/**/*.test.{ts,tsx}'], browser: browser(), testTimeout: 30_000 } },
        { extends: true, optimizeDeps: { include: BROWSER_DEPENDENCIES }, plugins: [storybookTest({ configDir: at('.storybook') })], test: { name: 'storybook', browser: browser() } },
      ],
    },
  }
})

/** Found late, these would reload the page in the middle of the first run. */
const BROWSER_DEPENDENCIES = [
  'react', 'react-dom', 'react-dom/client', 'react/jsx-runtime', 'react/jsx-dev-runtime',
  '@testing-library/react', '@testing-library/dom', '@testing-library/user-event', 'dexie', 'zustand/vanilla', '@tanstack/react-virtual', 'fast-check',
]
