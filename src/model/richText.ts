/**
 * Finds links, code and, where an app wants it, bold, italic and struck-out words in text, in time linear in its length. Never markup: what comes out
 * are stretches of the text with marks; no elements, no pictures, and no links but those that `linkify` trusts.
 *
 * - Code: `` `inline` `` on one line; a fence of three backticks at the start of a line begins a block that ends with the next fence or the text.
 * - Marks (`'marks'`): `*bold*` or `**bold**`, `_italic_`, `~struck~` or `~~struck~~`; they open before a word and close behind one, on one line.
 *
 * A mark that nothing closes is text. Marks within words (`snake_case`, `2*3*4`), links and mentions are text. A mention that does not begin with "@",
 * reaches over a line or another mention, or lies in a link or in code, is text: nobody can mark any words as somebody's name.
 */
import type { UserId } from './ids.js'
import { linkify } from './linkify.js'
import type { Mention } from './message.js'

/** How much a text may be formatted. @public */
export type TextFormat = 'plain' | 'code' | 'marks'

/** A stretch of text. Joined with the marks that were taken out, they are the text. @public */
export type TextRun =
  | ({ readonly kind: 'text'; readonly text: string } & TextMarks)
  | ({ readonly kind: 'link'; readonly text: string; readonly href: string } & TextMarks)
  | ({ readonly kind: 'mention'; readonly text: string; readonly userId: UserId } & TextMarks)
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'block'; readonly text: string }

/** @public */
export interface TextMarks {
  readonly bold: boolean
  readonly italic: boolean
  readonly struck: boolean
}

/** More stretches than this are an attack on the list, not a message: the rest stays text. */
const MAX_RUNS = 2000
/** Marks, backticks and ends of lines that are looked at; beyond, text is text. */
const MAX_TOKENS = 20_000
const MAX_MENTIONS = 200
const MAX_MENTION_CHARS = 200

/** May name a language, which is not shown. */
const FENCE = /^```[\w+#.-]{0,20}[ \t]*$/
const NO_MARKS: TextMarks = { bold: false, italic: false, struck: false }

/** @public */
export function richText(text: string, format: TextFormat, mentions: readonly Mention[] = []): readonly TextRun[] {
  const runs: TextRun[] = []
  // Asked of the whole: what deceives in one part takes the links of all.
  const hasLinks = linkify(text).some(({ kind }) => kind === 'link')
  const named = soundMentions(text, mentions)
  for (const { kind, text: words, start } of format === 'plain' ? [{ kind: 'text', text, start: 0 } as const] : splitFences(text)) {
    if (kind === 'block') runs.push({ kind: 'block', text: words })
    else inlineRuns(words, format, spansOf(words, start, hasLinks, named), runs)
  }
  return runs
}

/** Those that may be shown as such, in order. */
function soundMentions(text: string, mentions: readonly Mention[]): readonly Mention[] {
  let position = 0
  return mentions.slice(0, MAX_MENTIONS).toSorted((a, b) => a.start - b.start).filter(({ start, end }) => {
    const name = Number.isInteger(start) && Number.isInteger(end) && start >= position && end <= text.length ? text.slice(start, end) : ''
    if (name.length > MAX_MENTION_CHARS || !/^[@＠]\S[^\n]*$/.test(name)) return false
    position = end
    return true
  })
}

interface Part {
  readonly kind: 'block' | 'text'
  readonly text: string
  /** Where it begins in the whole. */
  readonly start: number
}

/** Blocks between fences, and the text around them without the line breaks that belong to the fences. */
function splitFences(text: string): readonly Part[] {
  if (!text.includes('```')) return [{ kind: 'text', text, start: 0 }]
  const parts: Part[] = []
  let isBlock = false
  /** Where the text or the block begins that is not ended yet. */
  let from = 0
  for (let position = 0, end = 0; end < text.length; position = end + 1) {
    if (!isBlock && position === from && parts.length >= MAX_RUNS) break
    const lineEnd = text.indexOf('\n', position)
    end = lineEnd === -1 ? text.length : lineEnd
    const line = text.slice(position, end)
    // A fence at the very end has nothing to hold.
    const opens: boolean = !isBlock && end < text.length && FENCE.test(line)
    if (!opens && !(isBlock && line.trimEnd() === '```')) continue
    if (isBlock || position > from) parts.push({ kind: isBlock ? 'block' : 'text', text: text.slice(from, Math.max(from, position - 1)), start: from })
    isBlock = opens
    from = end + 1
  }
  if (from <= text.length) parts.push({ kind: isBlock ? 'block' : 'text', text: text.slice(from), start: from })
  return parts
}

type Mark = 'bold' | 'italic' | 'struck'

interface Token {
  readonly start: number
  readonly end: number
  /** For code: what lies between the backticks. */
  readonly inner?: readonly [number, number]
  readonly mark?: Mark
  readonly text: string
}

const MARKS: Readonly<Record<string, Mark>> = { '*': 'bold', '**': 'bold', _: 'italic', '~': 'struck', '~~': 'struck' }
const WORD = /[\p{L}\p{N}]/u
const SPACE = /\s/

/** A link or a mention. */
interface Span {
  readonly start: number
  readonly end: number
  readonly as: { readonly kind: 'link'; readonly href: string } | { readonly kind: 'mention'; readonly userId: UserId }
}

function inlineRuns(text: string, format: TextFormat, spans: readonly Span[], runs: TextRun[]): void {
  let on = NO_MARKS
  let position = 0
  let nextSpan = 0
  const emit = (end: number) => {
    for (let span = spans[nextSpan]; span !== undefined && span.start < end; span = spans[++nextSpan]) {
      // What is within code was passed over with it.
      if (span.start < position) continue
      if (span.start > position) runs.push({ kind: 'text', text: text.slice(position, span.start), ...on })
      runs.push({ ...span.as, text: text.slice(span.start, span.end), ...on })
      position = span.end
    }
    if (end > position) runs.push({ kind: 'text', text: text.slice(position, end), ...on })
    position = end
  }
  for (const token of format === 'plain' ? [] : pairs(text, format, spans)) {
    if (runs.length >= MAX_RUNS) break
    emit(token.start)
    if (token.inner) runs.push({ kind: 'code', text: text.slice(...token.inner) })
    else if (token.mark) on = { ...on, [token.mark]: !on[token.mark] }
    position = token.end
  }
  if (runs.length >= MAX_RUNS) on = NO_MARKS
  emit(text.length)
}

/** In order, none over another: a link goes before a mention. */
function spansOf(text: string, start: number, hasLinks: boolean, mentions: readonly Mention[]): readonly Span[] {
  const links = hasLinks ? linksOf(text) : []
  if (mentions.length === 0) return links
  const named = mentions.flatMap((each): Span[] => {
    const span = { start: each.start - start, end: each.end - start, as: { kind: 'mention', userId: each.userId } } as const
    const isFree = span.start >= 0 && span.end <= text.length && !links.some((link) => link.start < span.end && span.start < link.end)
    return isFree ? [span] : []
  })
  return [...links, ...named].sort((a, b) => a.start - b.start)
}

function linksOf(text: string): readonly Span[] {
  let position = 0
  return linkify(text).flatMap((piece) => {
    const start = position
    position += piece.text.length
    return piece.kind === 'link' ? [{ start, end: position, as: { kind: 'link', href: piece.href } }] : []
  })
}

/** The tokens that count: code, and marks of which the opening one and the closing one are both there. In order. */
function pairs(text: string, format: TextFormat, spans: readonly Span[]): readonly Token[] {
  let nextSpan = 0
  const isInSpan = ({ start }: Token) => {
    while ((spans[nextSpan]?.end ?? Number.POSITIVE_INFINITY) <= start) nextSpan += 1
    return (spans[nextSpan]?.start ?? Number.POSITIVE_INFINITY) <= start
  }
  const used: Token[] = []
  let open = new Map<Mark, Token>()
  let line: Token[] = []
  const endLine = () => {
    const unclosed = new Set(open.values())
    for (const token of line) if (!unclosed.has(token)) used.push(token)
    open = new Map()
    line = []
  }
  for (const token of tokens(text, format)) {
    if (token.text.startsWith('\n')) endLine()
    else if (token.inner) line.push(token)
    else if (token.mark && !isInSpan(token)) {
      const opener = open.get(token.mark)
      if (opener !== undefined && opener.text === token.text && closes(text, token) && token.start > opener.end) {
        open.delete(token.mark)
        line.push(token)
      } else if (opener === undefined && opens(text, token)) {
        open.set(token.mark, token)
        line.push(token)
      }
    }
  }
  endLine()
  return used
}

/** Each character is looked at a fixed number of times, and no more than so many tokens. */
function* tokens(text: string, format: TextFormat): Generator<Token> {
  const pattern = format === 'marks' ? /`|\n+|\*{1,}|_{1,}|~{1,}/g : /`|\n+/g
  // Where the last backtick of a line stands is looked up once a line: an unclosed one must not search the rest each time.
  let lineEnd = -1
  let lastTick = -1
  let seen = 0
  for (let match = pattern.exec(text); match !== null && seen < MAX_TOKENS; match = pattern.exec(text)) {
    seen += 1
    const start = match.index
    if (match[0] === '`') {
      if (start >= lineEnd) {
        lineEnd = text.indexOf('\n', start)
        if (lineEnd === -1) lineEnd = text.length
        lastTick = text.lastIndexOf('`', lineEnd)
      }
      const close = start < lastTick ? text.indexOf('`', start + 1) : -1
      if (close <= start + 1) continue
      pattern.lastIndex = close + 1
      yield { start, end: close + 1, inner: [start + 1, close], text: '`' }
    } else {
      const mark = MARKS[match[0]]
      yield { start, end: start + match[0].length, text: match[0], ...(mark && { mark }) }
    }
  }
}

function opens(text: string, { start, end }: Token): boolean {
  const before = text[start - 1] ?? ' '
  const after = text[end] ?? ' '
  return !SPACE.test(after) && !WORD.test(before)
}

function closes(text: string, { start, end }: Token): boolean {
  const before = text[start - 1] ?? ' '
  const after = text[end] ?? ' '
  return !SPACE.test(before) && !WORD.test(after)
}
