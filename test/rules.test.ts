import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Series of rule ids that the page lists; titles may bear other series from other pages. */
const ID = /\b(?:RS|RD)\d+\b/g

const listed = new Set([...readFileSync(at('../stories/docs/Rules.mdx'), 'utf8').matchAll(/^\| ((?:RS|RD)\d+) \|/gm)].map((match) => match[1] as string))

const titled = new Map<string, string>()
for (const file of readdirSync(at('.'), { recursive: true, encoding: 'utf8' })) {
  if (!/\.test\.tsx?$/.test(file) || file === 'rules.test.ts') continue
  for (const [title] of readFileSync(at(file), 'utf8').matchAll(/\[(?:RS|RD)\d[^\]]*\]/g)) for (const [id] of title.matchAll(ID)) titled.set(id, file)
}

describe('rules', () => {
  it('each rule of the page is proved by a test that bears its id', () => {
    expect([...listed].filter((id) => !titled.has(id))).toEqual([])
    expect(listed.size).toBeGreaterThan(20)
  })

  it('no test bears the id of a rule that is not on the page', () => {
    expect([...titled].filter(([id]) => !listed.has(id))).toEqual([])
  })
})
