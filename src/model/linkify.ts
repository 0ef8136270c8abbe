/**
 * Finds links in text, in time linear in its length, and refuses those that could deceive.
 *
 * Only http, https, mailto and tel become links; what is shown is exactly what is followed. No link at all in a text with
 * direction overrides or box-drawing characters. A candidate stays plain text if it is over 4,096 characters, names a user or
 * password, has an escaped, one-label, mixed-script or numeric-bracket host, or characters outside RFC 3986 after the host.
 * Known gap: addresses with unescaped letters of other scripts in their path stay text.
 * @see Signal-Desktop, "isLinkSneaky"
 */

/** A stretch of text, or of text that is a link. Joined in order they are the text. @public */
export type TextPiece = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'link'; readonly text: string; readonly href: string }

/** Longer addresses are no longer readable by people. */
const MAX_HREF_CHARS = 4096
/** A message with more links than this is an attack on the list, not a message. */
const MAX_LINKS = 1000
/** Nor is one with so many places where an address might begin: the rest is text. */
const MAX_PLACES = 20_000
const MAX_LOCAL_PART_CHARS = 64
const MAX_DOMAIN_CHARS = 255

const DECEIVING = /[\u202a-\u202e\u2066-\u2069\u2500-\u257f]/
const START = /https?:\/\/|www\.|mailto:|tel:|@/gi
/** Up to white space, controls, quotes, angle brackets or the punctuation of Chinese and Japanese. */
// oxlint-disable-next-line no-control-regex -- controls are what ends an address
const RUN = /[^\s\u0000-\u0020\u007f-\u009f<>"`“”‘’…\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]*/y
const RFC_3986 = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*$/
const ASCII_HOST = /^[A-Za-z0-9._-]+$/
const WORDS_HOST = /^[\p{L}\p{N}\p{M}.-]+$/u
const ASCII_LETTER = /[A-Za-z0-9]/
const LOCAL_PART_CHAR = /[A-Za-z0-9._%+-]/
const DOMAIN_CHAR = /[A-Za-z0-9.-]/
const EMAIL = /^[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/
const TELEPHONE = /^\+?[0-9][0-9().-]{2,30}$/
const PAIRS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

interface Candidate {
  readonly start: number
  readonly end: number
  readonly href: string
}

/** @public */
export function linkify(text: string): readonly TextPiece[] {
  const links = DECEIVING.test(text) ? [] : findLinks(text)
  const pieces: TextPiece[] = []
  let position = 0
  for (const { start, end, href } of links) {
    if (start > position) pieces.push({ kind: 'text', text: text.slice(position, start) })
    pieces.push({ kind: 'link', text: text.slice(start, end), href })
    position = end
  }
  if (position < text.length) pieces.push({ kind: 'text', text: text.slice(position) })
  return pieces
}

function findLinks(text: string): readonly Candidate[] {
  const found: Candidate[] = []
  let position = 0
  START.lastIndex = 0
  let places = 0
  for (let match = START.exec(text); match !== null && found.length < MAX_LINKS && places < MAX_PLACES; match = START.exec(text)) {
    places += 1
    const { candidate, next } = match[0] === '@' ? emailAt(text, match.index, position) : addressAt(text, match.index, match[0])
    if (candidate !== null && candidate.start >= position) {
      found.push(candidate)
      position = candidate.end
    }
    // Never looks at the same stretch twice: this is what keeps it linear.
    START.lastIndex = Math.max(next, match.index + match[0].length)
  }
  return found
}

function addressAt(text: string, start: number, opening: string): { candidate: Candidate | null; next: number } {
  if (start > 0 && ASCII_LETTER.test(text.charAt(start - 1))) return { candidate: null, next: start + opening.length }
  RUN.lastIndex = start
  const run = RUN.exec(text)?.[0] ?? ''
  const shown = trimEnd(run)
  const href = opening.toLowerCase() === 'www.' ? `https://${shown}` : shown
  return { candidate: isTrusted(href) ? { start, end: start + shown.length, href } : null, next: start + run.length }
}

function emailAt(text: string, at: number, from: number): { candidate: Candidate | null; next: number } {
  let start = at
  while (start > from && at - start < MAX_LOCAL_PART_CHARS && LOCAL_PART_CHAR.test(text.charAt(start - 1))) start--
  let end = at + 1
  while (end < text.length && end - at < MAX_DOMAIN_CHARS && DOMAIN_CHAR.test(text.charAt(end))) end++
  const shown = text.slice(start, end).replace(/[.-]+$/, '')
  return { candidate: EMAIL.test(shown) ? { start, end: start + shown.length, href: `mailto:${shown}` } : null, next: end }
}

/** Leaves out the punctuation of the sentence around it, and closing brackets that nothing opened. */
function trimEnd(run: string): string {
  const open = new Map<string, number>()
  for (const char of run) if ('()[]{}'.includes(char)) open.set(char, (open.get(char) ?? 0) + 1)
  let end = run.length
  for (; end > 0; end--) {
    const char = run.charAt(end - 1)
    const opener = PAIRS[char]
    if (opener !== undefined) {
      const closing = open.get(char) ?? 0
      if (closing <= (open.get(opener) ?? 0)) break
      open.set(char, closing - 1)
    } else if (!'.,;:!?\'*_'.includes(char)) break
  }
  return run.slice(0, end)
}

function isTrusted(href: string): boolean {
  if (href.length > MAX_HREF_CHARS) return false
  const scheme = href.slice(0, href.indexOf(':')).toLowerCase()
  const rest = href.slice(scheme.length + 1)
  if (scheme === 'mailto') return EMAIL.test(rest) && rest.length <= MAX_DOMAIN_CHARS
  if (scheme === 'tel') return TELEPHONE.test(rest)
  return isTrustedWebAddress(href, rest.slice(2))
}

function isTrustedWebAddress(href: string, afterSlashes: string): boolean {
  const authorityEnd = afterSlashes.search(/[/?#]/)
  const authority = authorityEnd === -1 ? afterSlashes : afterSlashes.slice(0, authorityEnd)
  const path = authorityEnd === -1 ? '' : afterSlashes.slice(authorityEnd)
  const host = authority.replace(/:\d{1,5}$/, '')
  const labels = host.split('.')
  if (labels.length < 2 || labels.some((label) => label === '')) return false
  if (!ASCII_HOST.test(host) && !(WORDS_HOST.test(host) && !ASCII_LETTER.test(host))) return false
  return RFC_3986.test(path) && URL.canParse(href)
}
