import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ruleTitlesOf } from './tools/ruleTitles.js'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const stated = [...readFileSync(at('../stories/docs/Rules.mdx'), 'utf8').matchAll(/^\| ((?:RS|RD)\d+) \|/gm)].map((match) => match[1] as string)
const listed = new Set(stated)

const files = readdirSync(at('.'), { recursive: true, encoding: 'utf8' }).filter((file) => /\.test\.tsx?$/.test(file))
const titles = new Map(files.map((file) => [file, ruleTitlesOf(file, readFileSync(at(file), 'utf8'))]))

describe('rules', () => {
  it('each rule of the page is proved by a test of `npm test` whose title begins with its id', () => {
    const proved = new Set([...titles].flatMap(([file, { proved: ids }]) => (/^long\//.test(file) ? [] : ids)))
    expect([...listed].filter((id) => !proved.has(id))).toEqual([])
    expect(listed.size).toBeGreaterThan(20)
  })

  it('no rule is stated twice: of two that differ nobody knows which is kept', () => {
    expect(stated.filter((id, i) => stated.indexOf(id) !== i)).toEqual([])
  })

  it('no title names a rule that is not on the page', () => {
    expect([...titles].flatMap(([file, { named }]) => named.filter((id) => !listed.has(id)).map((id) => `${file}: ${id}`))).toEqual([])
  })

  it('no group bears the id of a rule, since it is its tests that prove it', () => {
    expect([...titles].flatMap(([file, { groups }]) => groups.map((title) => `${file}: ${title}`))).toEqual([])
  })
})

describe('what proves a rule', () => {
  const proved: readonly (readonly [what: string, source: string, ids: readonly string[]])[] = [
    ['a test', "it('[RS1] grows', () => {})", ['RS1']],
    ['one of several ids, in brackets of their own or in the same', "test('[I12] [RS1, RS2] [RD3] grows', () => {})", ['RS1', 'RS2', 'RD3']],
    ['a test that runs beside others', "it.concurrent('[RS1] grows', () => {})", ['RS1']],
    ['a template', 'it(`[RS1] ${what}`, () => {})', ['RS1']],
    ['each of a table', "it.each([[1], [2]])('[RS1] %s', () => {})", ['RS1']],
    ['a property', "test.prop([fc.nat()])('[RS1] holds', () => {})", ['RS1']],
    ['rows with titles of their own', "it.each([['[RS1] one', 1], ['[RS2] two', 2]] as const)('%s', () => {})", ['RS1', 'RS2']],
    ['such rows in a table with a name', "const rows: readonly Row[] = [['[RS1] one', 1]]\nit.each(rows)('%s', () => {})", ['RS1']],
  ]
  it.each(proved)('is %s', (_what, source, ids) => {
    expect(ruleTitlesOf('a.test.ts', source).proved).toEqual(ids)
  })

  const idle: readonly (readonly [what: string, source: string])[] = [
    ['a comment', "// it('[RS1] grows', () => {})\n/** [RS1] */"],
    ['a string of some other call', "note('[RS1] grows')"],
    ['a skipped test', "it.skip('[RS1] grows', () => {})"],
    ['a skipped test of a table', "it.skip.each([1])('[RS1] %s', () => {})"],
    ['a test in a skipped group', "describe.skip('reading', () => { it('[RS1] grows', () => {}) })"],
    ['a test that is not written yet', "it.todo('[RS1] grows')"],
    ['a test that is to fail', "it.fails('[RS1] grows', () => {})"],
    ['a test that runs in some places', "it.runIf(isChromium)('[RS1] grows', () => {})"],
    ['a group', "describe('[RS1] reading', () => { it('grows', () => {}) })"],
    ['a title that only mentions it', "it('grows, as RS1 says', () => {})"],
  ]
  it.each(idle)('is not %s', (_what, source) => {
    expect(ruleTitlesOf('a.test.ts', source).proved).toEqual([])
  })

  it('is looked for in JSX too, and not in what cannot be read', () => {
    expect(ruleTitlesOf('a.test.tsx', "it('[RS1] grows', () => { render(<p title=\"[RS2]\" />) })").proved).toEqual(['RS1'])
    expect(() => ruleTitlesOf('a.test.ts', "it('[RS1] grows', () => {")).toThrow('a.test.ts cannot be read')
  })
})

describe('an id that is refused', () => {
  it.each([
    ['one of several in one bracket', "it('[RS1, RS99] grows', () => {})"],
    ['in a template', 'it(`[RS1] [RS99] ${what}`, () => {})'],
    ['without brackets', "it('grows (RS99)', () => {})"],
    ['in a test that does not run', "it.skip('[RS99] grows', () => {})"],
    ['in a row', "it.each([['[RS99] one']])('%s', () => {})"],
    ['of a group', "describe('[RS99] reading', () => {})"],
  ])('is found: %s', (_what, source) => {
    expect(ruleTitlesOf('a.test.ts', source).named).toContain('RS99')
  })
})
