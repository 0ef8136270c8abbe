/** Every part that is exported has stories, and every story a sentence. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as readback from 'readback'
import { describe, expect, it } from 'vitest'

const FOLDER = join(import.meta.dirname, '../../stories')
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.stories.tsx'))
const sources = new Map(files.map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]))
const everything = [...sources.values()].join('\n')

/** What React can draw: a function, or what `forwardRef` and `memo` make. */
const parts = Object.entries(readback).filter(([name, value]) => /^[A-Z][a-z]/.test(name) && (typeof value === 'object' ? value !== null && '$$typeof' in value && 'render' in { render: null, ...value } : typeof value === 'function') && !isClassOrContext(value)).map(([name]) => name)

function isClassOrContext(value: unknown): boolean {
  return (typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value))) || (typeof value === 'object' && value !== null && 'Provider' in value)
}

describe('stories', () => {
  it('there are parts to be shown', () => expect(parts.length).toBeGreaterThan(20))
  it.each(parts)('%s is shown in one', (name) => {
    expect(everything, `<${name}> has no story: write stories/components/${name}.stories.tsx`).toMatch(new RegExp(`component: ${name}\\b|<${name}\\b|${name}[,:] `))
  })
  it.each([...sources])('%s says of each story what it shows', (_, source) => {
    const untold = [...source.matchAll(/(?<before>\*\/\n)?export const (?<name>[A-Z]\w*): Story/g)].filter(({ groups }) => groups?.['before'] === undefined).map(({ groups }) => groups?.['name'])
    expect(untold).toEqual([])
  })
})
