import fc from 'fast-check'
import { richText, type TextFormat, type TextRun } from 'readback'
import { describe, expect, it } from 'vitest'

/** As people would read it: marks in capitals around what they hold. */
function read(text: string, format: TextFormat = 'marks'): string {
  return richText(text, format).map(shown).join('')
}

function shown(run: TextRun): string {
  if (run.kind === 'code') return `<c>${run.text}</c>`
  if (run.kind === 'block') return `<pre>${run.text}</pre>`
  const text = run.kind === 'link' ? `<a ${run.href}>${run.text}</a>` : run.kind === 'mention' ? `<m ${run.userId}>${run.text}</m>` : run.text
  const marks = [run.bold && 'b', run.italic && 'i', run.struck && 's'].filter((mark) => mark !== false)
  return marks.reduce((inner, mark) => `<${mark}>${inner}</${mark}>`, text)
}

describe('richText', () => {
  it.each([
    ['say `x = 1` here', 'say <c>x = 1</c> here'],
    ['`a` and `b`', '<c>a</c> and <c>b</c>'],
    ['a ` alone', 'a ` alone'],
    ['`over\ntwo lines`', '`over\ntwo lines`'],
    ['``', '``'],
    ['look:\n```\nlet a = `b`\n  *c*\n```\nso', 'look:<pre>let a = `b`\n  *c*</pre>so'],
    ['```ts\nopen', '<pre>open</pre>'],
    ['no ``` fence', 'no ``` fence'],
    ['```', '```'],
    ['```hello', '```hello'],
    ['```hello world\nx', '```hello world\nx'],
    ['*bold* word', '<b>bold</b> word'],
    ['**bold** word', '<b>bold</b> word'],
    ['_it_ and ~gone~ and ~~gone~~', '<i>it</i> and <s>gone</s> and <s>gone</s>'],
    ['*both _inside_*', '<b>both </b><i><b>inside</b></i>'],
    ['(*so*), “_so_”.', '(<b>so</b>), “<i>so</i>”.'],
    ['snake_case_name 2*3*4 a~b~c', 'snake_case_name 2*3*4 a~b~c'],
    ['* a list\n* of two', '* a list\n* of two'],
    ['*not\nover lines*', '*not\nover lines*'],
    ['*never closed', '*never closed'],
    ['** **', '** **'],
    ['`*code*` stays', '<c>*code*</c> stays'],
    ['![x](https://example.com/beacon.png)', '![x](<a https://example.com/beacon.png>https://example.com/beacon.png</a>)'],
    ['*see https://example.com/_a_b now*', '<b>see </b><b><a https://example.com/_a_b>https://example.com/_a_b</a></b><b> now</b>'],
    ['_https://example.com/a_', '<i><a https://example.com/a>https://example.com/a</a></i>'],
    ['`https://example.com` stays', '<c>https://example.com</c> stays'],
    ['\u202ea https://example.com\n```\nx\n```', '\u202ea https://example.com<pre>x</pre>'],
    ['<b>no</b>', '<b>no</b>'],
    ['*重要*：_明天_', '<b>重要</b>：<i>明天</i>'],
  ])('%j reads %j', (text, expected) => {
    expect(read(text)).toBe(expected)
  })
  it('knows code alone where no more is wanted, and nothing where nothing is', () => {
    expect(read('*a* `b`', 'code')).toBe('*a* <c>b</c>')
    expect(read('*a* `b`', 'plain')).toBe('*a* `b`')
  })
  it('loses nothing but marks', () => {
    const texts = fc.array(fc.constantFrom('a', ' ', '*', '**', '_', '~', '~~', '`', '```', '\n', '字', '👍', '(', ')'), { maxLength: 60 }).map((parts) => parts.join(''))
    fc.assert(fc.property(texts, (text) => {
      // A fence may name a language, which is meant to go.
      fc.pre(!/^```[\w \t]/m.test(text))
      const words = (value: string) => value.replace(/[*_~`\n]/g, '')
      expect(words(richText(text, 'marks').map((run) => run.text).join(''))).toBe(words(text))
    }))
  })
  it('takes time in proportion to the text, whatever is in it', () => {
    const steps = (text: string) => richText(text, 'marks').length
    for (const piece of ['*', '`', '_a_ ', '*a ', '`a', '~~', '```\n', '[(', '*_~']) {
      const long = piece.repeat(200_000)
      expect(steps(long), piece).toBeLessThanOrEqual(200_001)
    }
  })
})

describe('mentions', () => {
  const named = (text: string, ...names: readonly string[]) => names.map((name, index) => ({ userId: `u${index}`, start: text.indexOf(name), end: text.indexOf(name) + name.length }))
  const readWith = (text: string, mentions: readonly { userId: string; start: number; end: number }[], format: TextFormat = 'marks') => richText(text, format, mentions).map(shown).join('')

  it.each([
    ['Ask @Bo, then @Mei Ling.', ['@Bo', '@Mei Ling'], 'Ask <m u0>@Bo</m>, then <m u1>@Mei Ling</m>.'],
    ['*loud @Bo!* ＠美', ['@Bo', '＠美'], '<b>loud </b><b><m u0>@Bo</m></b><b>!</b> <m u1>＠美</m>'],
    ['@a_b_ and _x_', ['@a_b_'], '<m u0>@a_b_</m> and <i>x</i>'],
    ['```\n@Bo\n```\n@Bo Li', ['@Bo Li'], '<pre>@Bo</pre><m u0>@Bo Li</m>'],
    ['`@Bo` x', ['@Bo'], '<c>@Bo</c> x'],
    ['see https://example.com/@Bo x', ['@Bo'], 'see <a https://example.com/@Bo>https://example.com/@Bo</a> x'],
  ])('%j', (text, names, expected) => expect(readWith(text, named(text, ...names))).toBe(expected))
  it('stay text where they are not what they say: other words, out of the text, over a line, over each other', () => {
    const text = 'Ask @Bo\nnow'
    const all = [[0, 3], [4, 4], [4, 5], [4, 12], [-1, 3], [4, 99], [4.5, 7], [Number.NaN, 7], [7, 4]].map(([start, end]) => ({ userId: 'x', start: start as number, end: end as number }))
    for (const mention of all) expect(readWith(text, [mention]), JSON.stringify(mention)).toBe(text)
    expect(readWith('@Bo Li', [{ userId: 'a', start: 0, end: 6 }, { userId: 'b', start: 0, end: 3 }])).toBe('<m a>@Bo Li</m>')
  })
  it('lose no character of any text, whatever they claim', () => {
    const place = fc.integer({ min: -2, max: 40 })
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('@', 'a', ' ', '`', '*', '\n', '😀', '/'), maxLength: 40 }), fc.array(fc.record({ userId: fc.constant('x'), start: place, end: place }), { maxLength: 6 }), (text, mentions) => {
      expect(richText(text, 'plain', mentions).map((run) => run.text).join('')).toBe(text)
    }))
  })
})
