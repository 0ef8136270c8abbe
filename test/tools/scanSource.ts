/** Reads just enough of a TypeScript file to know what it imports and which names its code uses. No compiler: TypeScript 7 has no JS API. */

/** One import, re-export or dynamic import. */
export interface ImportStatement {
  readonly specifier: string
  readonly line: number
  readonly typeOnly: boolean
}

export function scanImports(source: string): readonly ImportStatement[] {
  const code = blank(source, { strings: false })
  // Only code can start a statement: the same text inside a string is a space in the bare version.
  const bare = blank(source, { strings: true })
  const found: ImportStatement[] = []
  for (const match of code.matchAll(IMPORT)) {
    const start = match.index + match[0].search(/import|export/)
    if (!/^(import|export)/.test(bare.slice(start))) continue
    const specifier = match[2] ?? match[4] ?? match[6]!
    found.push({ specifier, line: lineAt(source, start), typeOnly: /^(import|export)\s+type\b/.test(code.slice(start)) })
  }
  return found
}

/** `import … from 'x'` and `export … from 'x'`; `import 'x'`; `import('x')`. */
const IMPORT = /(?<![\w$.])(?:(?:import|export)\s+(?:type\s+)?(?:[\w$*{}\s,]|\bas\b)+?\s*from\s*(['"])([^'"\n]+)\1|import\s*(['"])([^'"\n]+)\3|import\s*\(\s*(['"])([^'"\n]+)\5)/g

/** Where a pattern is used in code: not in a comment, not in a string. */
export function findInCode(source: string, pattern: RegExp): readonly { readonly text: string; readonly line: number }[] {
  const bare = blank(source, { strings: true })
  return [...bare.matchAll(pattern)].map((match) => ({ text: match[0].trim(), line: lineAt(source, match.index) }))
}

const lineAt = (source: string, index: number) => source.slice(0, index).split('\n').length

/** The same text with comments (and strings) as spaces; positions and lines stay. Code inside `${…}` of a template stays code. */
export function blank(source: string, { strings }: { readonly strings: boolean }): string {
  const out = source.split('')
  const erase = (from: number, to: number) => {
    for (let i = from; i < to; i++) if (out[i] !== '\n') out[i] = ' '
  }
  /** Depth of braces in each template expression that is open. */
  const templates: number[] = []
  let i = 0
  while (i < source.length) {
    const next = skip(source, i, templates)
    if (next.kind === 'comment' || next.kind === 'regex' || (next.kind === 'string' && strings)) erase(next.kind === 'comment' ? i : i + 1, next.kind === 'comment' ? next.end : next.end - 1)
    i = next.end
  }
  return out.join('')
}

interface Piece {
  readonly kind: 'code' | 'comment' | 'string' | 'regex'
  readonly end: number
}

function skip(source: string, at: number, templates: number[]): Piece {
  const char = source[at]!
  const two = source.slice(at, at + 2)
  if (two === '//') return { kind: 'comment', end: orEnd(source, source.indexOf('\n', at)) }
  if (two === '/*') return { kind: 'comment', end: orEnd(source, source.indexOf('*/', at + 2), 2) }
  if (char === "'" || char === '"') return { kind: 'string', end: endOfQuoted(source, at) }
  if (char === '`') return { kind: 'string', end: endOfTemplate(source, at + 1, templates) }
  if (char === '/' && startsRegex(source, at)) return { kind: 'regex', end: endOfRegex(source, at) }
  const depth = templates.length - 1
  if (depth >= 0 && char === '{') templates[depth]!++
  if (depth >= 0 && char === '}') {
    if (templates[depth] === 0) {
      templates.pop()
      return { kind: 'string', end: endOfTemplate(source, at + 1, templates) }
    }
    templates[depth]!--
  }
  return { kind: 'code', end: at + 1 }
}

const orEnd = (source: string, index: number, extra = 0) => (index < 0 ? source.length : index + extra)

/** A quote that is not closed on its line is an apostrophe in JSX text. */
function endOfQuoted(source: string, at: number): number {
  for (let i = at + 1; i < source.length && source[i] !== '\n'; i++) {
    if (source[i] === '\\') i++
    else if (source[i] === source[at]) return i + 1
  }
  return at + 1
}

function endOfTemplate(source: string, at: number, templates: number[]): number {
  for (let i = at; i < source.length; i++) {
    if (source[i] === '\\') i++
    else if (source[i] === '`') return i + 1
    else if (source.startsWith('${', i)) {
      templates.push(0)
      return i + 2
    }
  }
  return source.length
}

const startsRegex = (source: string, at: number) => /(^|[(,=:[!&|?{};+\n]|=>|\breturn|\btypeof)\s*$/.test(source.slice(Math.max(0, at - 40), at)) && endOfRegex(source, at) > at + 1

function endOfRegex(source: string, at: number): number {
  let inClass = false
  for (let i = at + 1; i < source.length && source[i] !== '\n'; i++) {
    if (source[i] === '\\') i++
    else if (source[i] === '[') inClass = true
    else if (source[i] === ']') inClass = false
    else if (source[i] === '/' && !inClass) return i + 1
  }
  return at + 1
}
