/** Texts that are made to be dear: past a limit that no message reaches they are text, whole. What they cost is measured by the benchmark. */
import { describe, expect, it } from 'vitest'
import { linkify } from '../../src/model/linkify.js'
import { richText } from '../../src/model/richText.js'

const MEBIBYTE = 2 ** 20
const mebibyteOf = (unit: string) => unit.repeat(Math.ceil(MEBIBYTE / unit.length))

describe('[A15] a mebibyte', () => {
  it.each(['@', 'a@', 'https://%61.b ', 'www.', 'https://a.b/('])('of %j loses no character, and has a thousand links at most', (unit) => {
    const text = mebibyteOf(unit)
    const pieces = linkify(text)
    expect(pieces.map((piece) => piece.text).join('')).toBe(text)
    expect(pieces.filter(({ kind }) => kind === 'link').length).toBeLessThanOrEqual(1000)
  })

  it.each(['*_~a', '**a** ', '`a` ', '\n', 'a\n', '```\na\n```\n', '```\n'])('of %j has few stretches', (unit) => {
    expect(richText(mebibyteOf(unit), 'marks').length).toBeLessThanOrEqual(2010)
  })

  it.each(['@', '*_~a'])('of %j is shown whole', (unit) => {
    const text = mebibyteOf(unit)
    const shown = richText(text, 'marks').map((run) => run.text).join('')
    expect(shown.endsWith(text.slice(-1000))).toBe(true)
  })

  it('of fences keeps what is behind the last block', () => {
    const runs = richText(`${mebibyteOf('```\na\n```\n')}and at last words`, 'marks')
    expect(runs.at(-1)).toMatchObject({ kind: 'text', text: expect.stringMatching(/and at last words$/) })
  })
})

describe('the limits', () => {
  it('leave a long honest message alone: links and code at its end', () => {
    const text = `${'A line of a long letter, to ada@example.org.\n'.repeat(900)}\`code\` https://example.com/last`
    expect(richText(text, 'marks').slice(-3).map(({ kind }) => kind)).toEqual(['code', 'text', 'link'])
  })
})
