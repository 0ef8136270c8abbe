/** A language made from another for tests: every word of the interface stands in brackets and is a third longer, so that what is not translated, or does not fit, is seen. */
import type { Catalogue } from './catalogue.js'
import type { Formatters } from './formatters.js'
import type { Locale } from './locale.js'

/** What a word of the interface begins and ends with. */
export const PSEUDO_MARKS = ['⟦', '⟧'] as const

/**
 * `pseudoLocale(en)`: texts and formats of `base` in ⟦brackets⟧, a third longer. With `dir`, also in the other direction.
 * @public
 */
export function pseudoLocale(base: Locale, dir: Locale['dir'] = base.dir): Locale {
  return { tag: base.tag, dir, messages: marked(base.messages) as Catalogue, formatters: marked(base.formatters) as Formatters }
}

function marked(value: unknown): unknown {
  if (typeof value === 'string') return mark(value)
  if (typeof value === 'function') return (...given: unknown[]) => marked((value as (...given: unknown[]) => unknown)(...given))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, word]) => [name, marked(word)]))
}

function mark(words: string): string {
  if (words === '') return ''
  return `${PSEUDO_MARKS[0]}${words}${'·'.repeat(Math.ceil(words.length / 3))}${PSEUDO_MARKS[1]}`
}
