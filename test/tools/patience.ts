/** What a test waits for may come late on a busy machine: a second, which the libraries wait by themselves, is soon over on two cores. What never comes fails all the same. */
import { vi } from 'vitest'

const PATIENCE_MS = 15_000

const { waitFor } = vi
vi.waitFor = (callback, options) => waitFor(callback, { timeout: PATIENCE_MS, ...(typeof options === 'number' ? { timeout: options } : options) })

if (typeof document !== 'undefined') {
  const { configure } = await import('@testing-library/react')
  configure({ asyncUtilTimeout: PATIENCE_MS })
}
