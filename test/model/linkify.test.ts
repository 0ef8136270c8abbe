import { isSafeHref, isSafeMediaUrl, linkify } from 'readback'
import { describe, expect, it } from 'vitest'

/** Addresses that became links. */
const hrefs = (text: string) => linkify(text).flatMap((piece) => (piece.kind === 'link' ? [piece.href] : []))
const joined = (text: string) => linkify(text).map((piece) => piece.text).join('')

describe('linkify finds', () => {
  it.each([
    ['see https://example.com.', ['https://example.com']],
    ['(https://example.com/a_(b))', ['https://example.com/a_(b)']],
    ['HTTP://Example.com:8080/x?y=1#z!', ['HTTP://Example.com:8080/x?y=1#z']],
    ['www.example.com/x, and more', ['https://www.example.com/x']],
    ['看这里https://example.com/x，很好', ['https://example.com/x']],
    ['https://例え.テスト/x', ['https://例え.テスト/x']],
    ['mail ada@example.com or mailto:bo@example.org', ['mailto:ada@example.com', 'mailto:bo@example.org']],
    ['tel:+44-20-7946-0018.', ['tel:+44-20-7946-0018']],
    ['http://192.168.0.1/', ['http://192.168.0.1/']],
    ['https://a.example https://b.example', ['https://a.example', 'https://b.example']],
  ])('%s', (text, expected) => {
    expect(hrefs(text)).toEqual(expected)
    expect(joined(text)).toBe(text)
  })
})

describe('linkify leaves as text', () => {
  it.each([
    'javascript:alert(1)', 'JaVaScRiPt\t:alert(1)', 'data:text/html,<b>', 'vbscript:x', 'blob:x', 'file:///etc/passwd', 'ftp://example.com',
    '//example.com', 'http:/\\example.com', 'http://\\example.com', 'https://user:pass@example.com', 'https://example.com@evil.example', 'https://%65xample.com', 'https://localhost/x',
    'https://exаmple.com' /* Cyrillic а */, 'https://example.com/пример', 'https://example.com:99999', 'https://[::1]/', 'https://example..com', `https://example.com/${'a'.repeat(4096)}`,
    'xhttps://example.com', 'mailto:a@b', '@', 'a@', '@b.c', 'tel:x', 'mailto:a@example.com?body=x',
  ])('%s', (text) => {
    expect(hrefs(text)).toEqual([])
    expect(joined(text)).toBe(text)
  })
  it('everything where direction is overridden or boxes are drawn', () => {
    expect(hrefs('https://example.com/\u202egnp.exe')).toEqual([])
    expect(hrefs('\u2066 https://example.com')).toEqual([])
    expect(hrefs('https://example.com \u2571')).toEqual([])
  })
})

describe('linkify', () => {
  it('stops at a thousand links', () => {
    expect(hrefs('https://example.com '.repeat(3000))).toHaveLength(1000)
  })
  it('gives nothing for nothing', () => {
    expect(linkify('')).toEqual([])
  })

  /** Counts steps, not time: characters that the pieces hold must be those of the text, and doubling must not change the shape. */
  it.each(['mailto:', 'http://', 'https://a.b/(', 'a-', '@', 'a@', 'www.', '/d_1_d_2', '[[[(', 'http://a.b/)))', 'tel:1'])('ends, and loses nothing, on %s repeated 50,000 times', (unit) => {
    const text = unit.repeat(50_000)
    expect(joined(text)).toBe(text)
  })
})

describe('addresses', () => {
  it.each(['javascript:x', ' java\nscript:x', '\u0001javascript:x', 'data:text/html,x', 'blob:https://a.b/c', 'file:///x', 'vbscript:x'])('%j may not be followed', (href) => {
    expect(isSafeHref(href)).toBe(false)
  })
  it.each(['javascript:x', 'data:text/html,x', 'data:image/png', 'file:///x', 'https://'])('%j may not be loaded', (url) => {
    expect(isSafeMediaUrl(url)).toBe(false)
  })
  it.each(['https://a.example/b.png', '/files/1.png', 'blob:https://a.example/c', 'data:image/png;base64,AA=='])('%j may be loaded', (url) => {
    expect(isSafeMediaUrl(url)).toBe(true)
  })
})
