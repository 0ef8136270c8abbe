/**
 * [A17] Generated cases of each kind of bad text, address, id and size: every one renders, contained in its own row, and says
 * neither more nor less than it was given. Bad frames, receipts and hosts are tried where they arrive.
 */
import { ChatProvider, linkify, MessageRow, type Message, type MessageBody } from 'readback'
import { en } from 'readback/locales/en'
import { renderToString } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { pseudoLocale } from '../../src/locales/pseudo.js'
import { ADDRESS_VECTORS, VECTORS } from '../security/vectors.js'
import { message } from '../react/fakeClient.js'

/** Of each kind; a thousand in `npm run test:long`. Where each is as long as a book a tenth of them, but for the long run; of ten thousand links, each an element, always. */
const CASES = Number(process.env['READBACK_CASES'] ?? 150)
const LONG = /^(3|4|5|6|25|26|27) /
const ALL = 1000
const PATIENCE_MS = 400_000

/** mulberry32: small, and the same at every run. */
function seeded(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  const pick = <T,>(list: readonly T[]): T => list[int(0, list.length - 1)] as T
  const many = (count: number, make: () => string) => Array.from({ length: count }, make).join('')
  return { int, pick, many, char: (from: number, to: number) => String.fromCodePoint(int(from, to)) }
}
type Random = ReturnType<typeof seeded>

const WORDS = ['beans', '豆子', 'فول', '👩‍🌾', 'https://example.com/a', '@ada', '42', '', '\n'] as const
const mixed = ({ pick, many, int }: Random) => many(int(1, 12), () => `${pick(WORDS)} `)

/** The numbers are those of the plan of tests. */
const TEXTS: Readonly<Record<string, (random: Random) => string>> = {
  '1 empty': () => '',
  '2 only white space': ({ many, int, pick }) => many(int(1, 50), () => pick([' ', '\t', '\n', '\u00a0', '\u3000', '\u2003'])),
  '3 a mebibyte in one line': (random) => `${mixed(random)}${'x'.repeat(1 << 20)}`,
  '4 a hundred thousand lines': (random) => `${mixed(random)}${'\n'.repeat(100_000)}${mixed(random)}`,
  '5 a word of twenty thousand letters': ({ pick, int }) => pick(['a', '字', 'ﷺ', 'W']).repeat(int(10_000, 20_000)),
  '6 ten thousand marks on a letter': ({ many, char, int }) => `Z${many(int(50, 200), () => char(0x300, 0x36f))}${'\u0301'.repeat(10_000)}lgo`,
  '7 overridden directions': (random) => `${random.many(random.int(1, 30), () => random.pick(['\u202e', '\u202d', '\u202a', '\u202b', '\u202c']))}${mixed(random)}`,
  '8 unbalanced isolates': (random) => `${random.many(random.int(1, 30), () => random.pick(['\u2066', '\u2067', '\u2068', '\u2069']))}${mixed(random)}`,
  '9 joiners and blanks without width': (random) => random.many(random.int(1, 60), () => random.pick(['\u200d', '\u200b', '\u200c', '\ufeff', '\u00ad', 'a'])),
  '10 tag characters': ({ many, char, int }) => many(int(1, 80), () => char(0xe0000, 0xe007f)),
  '11 lone surrogates': ({ many, int }) => many(int(1, 20), () => `${String.fromCharCode(int(0xd800, 0xdfff))}a`),
  '12 control characters': ({ many, int, char }) => many(int(1, 60), () => char(1, 31)),
  '13 joined emoji and flags': ({ many, int, pick }) => many(int(1, 100), () => pick(['👨‍👩‍👧‍👦\u200d', '🇩🇪', '🇩', '👍🏿', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '❤️', '\ufe0f'])),
  '14 scripts of both directions with numbers': (random) => random.many(random.int(2, 40), () => random.pick(['عدد 12', 'abc', ' 3.4 ', 'שלום', '(', ')', '-5%'])),
  '15 look-alikes': ({ many, int, pick }) => many(int(1, 30), () => pick(['а', 'a', 'ο', 'o', 'р', 'p', 'ѕ', 'ⅼ'])),
  '16 composed and decomposed': ({ many, int, pick }) => many(int(1, 40), () => pick(['é', 'e\u0301', 'Å', 'A\u030a', '각', '각'])),
  '17 separators of lines': ({ many, int, pick }) => many(int(1, 40), () => pick(['\u2028', '\u2029', '\u0085', 'a'])),
  '18 a mark first': (random) => `${random.char(0x300, 0x36f)}${mixed(random)}`,
  '19–20 addresses that run': ({ pick }) => pick(ADDRESS_VECTORS),
  '21 addresses without a scheme': ({ pick, int }) => pick(['//host/', 'http:/\\host', 'http:\\\\host', 'https:host', '\\\\host\\', '/\\host', 'https:///host']) + int(0, 99),
  '22 names within addresses': ({ pick, int }) => `https://${pick(['user', 'bank.com', 'a%40b'])}:${int(0, 999)}@${pick(['x.invalid', '127.0.0.1', '[::1]'])}/`,
  '23 scripts mixed in a host': ({ pick, many, int }) => `https://${many(int(2, 9), () => pick(['а', 'a', 'ο', 'l', 'ı', 'ß', '。']))}.com/`,
  '24 broken hosts': ({ pick, int }) => `https://${pick(['%41.com', 'a.com:99999', '[::1', '999.999.1.1', '-a-.com', `${'a'.repeat(300)}.com`])}/${'p'.repeat(pick([0, 4097]))}${int(0, 9)}`,
  '25 ten thousand addresses': ({ pick, int }) => pick(['mailto:a@b.co ', 'a@b.co ', 'www.a.co ']).repeat(int(200, 10_000)),
  '26 what slows matchers down': ({ pick, int }) => pick(['a-', '/d_1_', 'a.', '@a', 'http://a', '((', 'www.']).repeat(int(100, 3000)) + pick(['"', '!', '']),
  '27 nested brackets': ({ pick, int }) => { const [open, close] = pick([['(', ')'], ['[', ']'], ['<', '>'], ['{', '}']] as const); const depth = int(10, 10_000); return `https://a.co/${open.repeat(depth)}${close.repeat(depth)}` },
  '28 markup': ({ pick }) => pick(VECTORS),
  '29 pictures in markdown': ({ pick, int }) => `![${int(0, 9)}](${pick(['//x.invalid/a.png', 'https://x.invalid/a.png', 'javascript:pwn()'])} "t")`,
  '30 styles in names': ({ pick, int }) => pick(['url(//x.invalid/)', 'red;background:url(x)', '}*{color:red}', 'expression(pwn())', '--rb-accent:red', '\\3c/style>']) + int(0, 9),
  '60 ids of any kind': ({ pick, int }) => pick(['a b', '👍', '..', '../../etc', '"\'`', '__proto__', 'constructor', 'x'.repeat(100_000), '\u0000'.replace('\u0000', '%00')]) + int(0, 9),
}

const WIDTHS = [0, -1, 1e9, Number.NaN, Infinity, undefined, 0.5, 320] as const

function show(changes: Partial<Message>, locale = en): string {
  const row = <MessageRow message={message(changes)} own={false} runStart runEnd conversationKind="group" actions={{ onReact() {} }} />
  return renderToString(<ChatProvider locale={locale} dir="rtl" profiles={(userId) => ({ userId, name: userId })}>{row}</ChatProvider>)
}

/** What somebody who wrote it would not have made: elements, handlers, addresses that run. */
function escapes(html: string): readonly string[] {
  return [...html.matchAll(/<(?:script|iframe|object|embed|style|base|meta|link)\b[^>]*|<[a-z][^>]*?\son[a-z]+=[^>]*|\s(?:href|src)="(?!https?:|mailto:|tel:|data:image\/|blob:)[^"]*"/gi)].map(([found]) => found.slice(0, 120)).filter((found) => !isPicture(found))
}

/** A relative address as a picture is the app's own. */
const isPicture = (found: string) => /^\ssrc="(?![a-z]*script:|data:|file:|vbscript:|view-source:)/i.test(found)

describe('bad text', () => {
  it.each(Object.keys(TEXTS))('[A17] %s', (name) => {
    const random = seeded(name.length)
    for (let index = 0; index < CASES / (name.startsWith('25 ') || (LONG.test(name) && CASES < ALL) ? 10 : 1); index++) {
      const text = TEXTS[name]!(random)
      const html = show({ body: { kind: 'text', text }, from: text.slice(0, 500) || 'ada' })
      expect(html).toContain('rb-row')
      expect(escapes(html), JSON.stringify(text.slice(0, 200))).toEqual([])
      // A megabyte does not come to the screen at once.
      expect(html.length).toBeLessThan(200_000)
      if (text.length < 4000) expect(linkify(text).map((piece) => piece.text).join('')).toBe(text)
    }
  }, PATIENCE_MS)
})

describe('bad sizes and lengths', () => {
  it('[A17] 61–62 pictures of no size, sounds without end', () => {
    const random = seeded(61)
    for (let index = 0; index < CASES; index++) {
      const size = random.pick(WIDTHS)
      const other = random.pick(WIDTHS)
      const file = { url: 'https://example.com/a', ...(size !== undefined && { sizeBytes: size }) }
      const bodies: readonly MessageBody[] = [
        { kind: 'image', file, ...(size !== undefined && { widthPx: size }), ...(other !== undefined && { heightPx: other }) },
        { kind: 'voice', file, ...(size !== undefined && { durationMs: size }) },
        { kind: 'file', file },
      ]
      const html = show({ body: random.pick(bodies), time: other ?? 0 })
      expect(html).not.toMatch(/NaN|Infinity|undefined/)
    }
  }, PATIENCE_MS)
  it('[A17] 63 right to left within left to right, in a language that is none', () => {
    const html = renderToString(<ChatProvider dir="ltr"><ChatProvider locale={pseudoLocale({ ...en, tag: 'x-nobody' }, 'rtl')}><MessageRow message={message()} own runStart runEnd /></ChatProvider></ChatProvider>)
    expect(html).toContain('dir="rtl"')
    expect(html).toContain('lang="x-nobody"')
  })
})
