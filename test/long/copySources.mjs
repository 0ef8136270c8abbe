/** A copy of everything that the tests need, in which a bug may be put. */
import { cpSync, mkdtempSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../tools/entries.mjs'

/** @param {string} name - of what it is for */
export function copySources(name) {
  const copy = mkdtempSync(join(tmpdir(), `readback-${name}-`))
  for (const each of ['src', 'test', 'package.json', 'tsconfig.json', 'vite.config.ts']) cpSync(join(root, each), join(copy, each), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir')
  return copy
}
