/** Where in a text somebody is being mentioned, who may be meant, and what the text is once they are. Pure. */

export interface MentionQuery {
  /** Index of the "@". */
  readonly start: number
  readonly end: number
  readonly typed: string
}

/** Longer than this it is a sentence, not a name. */
const MAX_TYPED_CHARS = 32

/** The mention that the caret stands at the end of; null where there is none. An "@" within a word (an address) begins none. */
export function mentionAt(text: string, caret: number): MentionQuery | null {
  for (let index = caret - 1; index >= 0 && caret - index <= MAX_TYPED_CHARS + 1; index--) {
    const char = text[index] as string
    if (char === '\n') return null
    if (char !== '@' && char !== '＠') continue
    const before = text[index - 1]
    if (before !== undefined && /[\p{L}\p{N}_.+-]/u.test(before) && !/\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}/u.test(before)) return null
    const typed = text.slice(index + 1, caret)
    return /^\s|\s\s/.test(typed) ? null : { start: index, end: caret, typed }
  }
  return null
}

/** The text with the name in place of what was typed, and where the caret goes. */
export function insertMention(text: string, { start, end }: MentionQuery, name: string): { readonly text: string; readonly caret: number } {
  const inserted = `@${name} `
  const rest = text.slice(end)
  return { text: text.slice(0, start) + inserted + (rest.startsWith(' ') ? rest.slice(1) : rest), caret: start + inserted.length }
}

/** Whether somebody is meant by what was typed: each word of it begins a word of the name, or it begins the id. */
export function isMeant(typed: string, name: string, id: string): boolean {
  const fold = (value: string) => value.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase()
  const wanted = fold(typed).trim()
  if (wanted === '') return true
  const whole = fold(name)
  return whole.startsWith(wanted) || fold(id).startsWith(wanted) || wanted.split(/\s+/).every((part) => whole.split(/\s+/).some((word) => word.startsWith(part))) || (/\p{Script=Han}/u.test(wanted) && whole.includes(wanted))
}
