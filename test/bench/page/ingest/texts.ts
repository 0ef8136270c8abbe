/** What a hostile message costs: how long links and marks are looked for in a mebibyte, and whether twice the text takes more than twice as long. */
import { linkify } from '../../../../src/model/linkify'
import { richText } from '../../../../src/model/richText'

const MEBIBYTE = 2 ** 20
const SAMPLES = 7
/** Shorter than this is not told from the tick of the clock, milliseconds: it is done again until it takes as long. */
const LEAST_MS = 10

/** Each begins over and over what it never ends, or what has to be looked at from many places. */
const UNITS: Readonly<Record<string, string>> = {
  'at signs': '@', 'addresses of mail without an end': 'a@', 'dotted mail': 'a@b.c@', 'local parts': 'a.b-c_d+', 'www': 'www.', schemes: 'http://', 'schemes in capitals': 'HTTPS://x.', 'links': 'https://example.com/a ', 'links without a gap': 'https://a.b/c,https://a.b/c;',
  'open brackets in a link': 'https://a.b/(', 'closing brackets': 'https://a.b/)))', 'mail links': 'mailto:a@', telephones: 'tel:+1-2-', 'full stops': 'https://a.b/......', 'escaped hosts': 'https://%61.b ', 'hosts in words': 'https://пример.рф/ ', 'one-label hosts': 'https://a/',
  backticks: '`', 'pairs of backticks': '`` ` ', fences: '```\n', 'fences with a language': '```js\na\n', stars: '*', 'stars before words': '*a ', 'stars around words': '**a** ', underscores: '_a _b ', tildes: '~~a ', 'marks in each other': '*_~a', 'words': 'word ', 'one word': 'x',
  lines: '\n', 'marks that combine': 'e\u0301\u0302\u0303', emoji: '👩‍👩‍👧‍👦', 'halves of pairs': '\ud83d', 'white space': ' \u00a0\u2003',
}

const WAYS: Readonly<Record<string, (text: string) => unknown>> = {
  links: linkify,
  'links, code and marks': (text) => richText(text, 'marks'),
}

export interface TextCost {
  readonly name: string
  /** Of a mebibyte; the best of seven, milliseconds. */
  readonly ms: number
  /** Against half of it. */
  readonly ratio: number
}

export function textCosts(): readonly TextCost[] {
  return Object.entries(WAYS).flatMap(([way, find]) =>
    Object.entries(UNITS).map(([name, unit]) => {
      const whole = unit.repeat(Math.ceil(MEBIBYTE / unit.length)).slice(0, MEBIBYTE)
      const half = whole.slice(0, MEBIBYTE / 2)
      const times = Math.max(1, Math.ceil(LEAST_MS / Math.max(0.05, once(find, half, 1))))
      const pairs = Array.from({ length: SAMPLES }, () => [once(find, half, times), once(find, whole, times)] as const)
      const halfMs = Math.min(...pairs.map(([ms]) => ms))
      const ms = Math.min(...pairs.map(([, each]) => each))
      return { name: `${way}: ${name}`, ms, ratio: ms / halfMs }
    }),
  )
}

function once(find: (text: string) => unknown, text: string, times: number): number {
  const started = performance.now()
  for (let time = 0; time < times; time += 1) find(text)
  return (performance.now() - started) / times
}
