import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { entries, manifest, root } from './tools/entries.mjs'

const load = (source: string): Promise<Record<string, unknown>> => import(join(root, source))

describe.each(entries)('$name', ({ source, subpath }) => {
  test('is written', () => {
    expect(existsSync(join(root, source)), `${source} is missing`).toBe(true)
  })

  test('exports what the committed report says, no less and no more', async () => {
    expect(Object.keys(await load(source)).toSorted()).toEqual(reportedValues(subpath))
  })

  test('every export says how stable it is: @public, @beta or @experimental', () => {
    expect(untagged(readReport(subpath))).toEqual([])
  })
})

test('the root entry has everything of the core', async () => {
  const [index, core] = await Promise.all([load('src/index.ts'), load('src/core.ts')])
  expect(Object.keys(index)).toEqual(expect.arrayContaining(Object.keys(core)))
})

test('users, tests and the compiler know the same subpaths', () => {
  const { paths } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')).compilerOptions as { paths: Record<string, string[]> }
  const resolve = (name: string) => {
    const [pattern, targets] = Object.entries(paths).find(([key]) => key === name || (key.endsWith('/*') && name.startsWith(key.slice(0, -1)))) ?? []
    return targets?.[0]?.replace('./', '').replace('*', name.slice((pattern?.length ?? 0) - 1))
  }
  expect(entries.map(({ name }) => resolve(name))).toEqual(entries.map(({ source }) => source))
})

test('stylesheets come with types, and everything published lies in dist', () => {
  const targets = Object.entries(manifest.exports as Record<string, string | { types: string; default: string }>).filter(([subpath]) => subpath !== './package.json')
  for (const [subpath, target] of targets) {
    expect(target, subpath).toEqual({ types: expect.stringMatching(/^\.\/dist\/.+\.d\.ts$/), default: expect.stringMatching(/^\.\/dist\/.+\.(js|css)$/) })
  }
})

const readReport = (subpath: string) => {
  const file = `test/api/${subpath === '.' ? 'readback' : subpath.slice(2).replaceAll('/', '.')}.api.md`
  expect(existsSync(join(root, file)), `${file} is missing: npm run api`).toBe(true)
  return readFileSync(join(root, file), 'utf8')
}

/** Names that exist at run time, as opposed to types. */
function reportedValues(subpath: string): readonly string[] {
  const report = readReport(subpath)
  const declared = [...report.matchAll(/^export (?:declare )?(?:abstract )?(?:const|function|class|let|enum) (\w+)/gm)].map((match) => match[1]!)
  return [...new Set(declared)].toSorted()
}

const untagged = (report: string) =>
  [...report.matchAll(/"(\w+)" is part of the package's API, but it is missing a release tag/g)].map((match) => match[1]!)
