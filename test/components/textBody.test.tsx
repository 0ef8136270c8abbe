// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react'
import fc from 'fast-check'
import { richText, TextBody, type TextFormat } from 'readback'
import { afterEach, describe, expect, it } from 'vitest'
import { MessageContent } from '../../src/components/MessageContent.js'
import { MARKED } from '../../src/components/TextWords.js'
import { message } from '../react/fakeClient.js'

afterEach(cleanup)

const bodyOf = (text: string) => ({ kind: 'text', text }) as const
const showInWindow = (text: string) => render(<MessageContent message={message({ body: bodyOf(text) })} own={false} parts={{}} onView={undefined} onLinkClick={undefined} onOpenAttachment={undefined} />)

it('the words of a message have their links and code at once where an app draws them itself', () => {
  const body = bodyOf('run `npm test`, see https://example.com')
  const { container } = render(<TextBody message={message({ body })} own={false} body={body} meta={null} />)
  expect(screen.getByRole('link').getAttribute('href')).toBe('https://example.com')
  expect(container.querySelector('code')?.textContent).toBe('npm test')
})

describe('the words of a message whose parts come later, as in a window', () => {
  it('are there as they were typed until what finds links and code has come', async () => {
    const { container } = showInWindow('run `npm test`, see https://example.com')
    expect(container.textContent).toContain('run `npm test`, see https://example.com')
    expect((await screen.findByRole('link')).getAttribute('href')).toBe('https://example.com')
    expect(container.querySelector('code')?.textContent).toBe('npm test')
    expect(showInWindow('and `now`').container.querySelector('code')?.textContent).toBe('now')
  })

  it('need nothing where nothing is in them that could be a link, a name, code or a mark', () => {
    const pieces = fc.constantFrom('a', 'Ж', '中', ' ', '\n', '.', ':', '/', '//', 'http', 'https', 'www', 'mailto', 'TEL', '-', '(', '"', '@', '＠', '`', '```\n', '*', '_', '~', '😀', 'example.com')
    const texts = fc.oneof(fc.array(pieces, { maxLength: 12 }).map((list) => list.join('')), fc.string({ unit: 'grapheme' }))
    fc.assert(
      fc.property(texts, fc.constantFrom<TextFormat>('plain', 'code', 'marks'), fc.boolean(), (text, format, names) => {
        const runs = richText(text, format, names ? [{ userId: 'ada', start: 0, end: text.length }] : [])
        const isPlain = text === '' ? runs.length === 0 : runs.length === 1 && runs[0]?.kind === 'text' && runs[0].text === text
        expect(isPlain || MARKED.test(text), JSON.stringify([text, runs])).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})
