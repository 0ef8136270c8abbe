import fc from 'fast-check'
import { richText, type TextFormat, type TextRun } from 'readback/core'
import { describe, expect, it } from 'vitest'

/** As people would read it: marks in capitals around what they hold. */
function read(text: string, format: TextFormat = 'marks'): string {
  return richText(text, format).map(shown).join('')
}

function shown(run: TextRun): string {
  if (run.kind === 'code') return `<c>${run.text}</c>`
  if (run.kind === 'block') return `<pre>${run.text}</pre>`
  const text = run.kind === 'link' ? `<a ${run.href}>${run.text}</a>` : run.text
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
