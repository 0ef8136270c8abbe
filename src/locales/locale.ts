import type { Catalogue } from './catalogue.js'
import { createFormatters, type FormatterOptions, type Formatters } from './formatters.js'

/** Words, formats and direction of one language. @public */
export interface Locale {
  /** BCP 47; becomes the `lang` of the interface. */
  readonly tag: string
  readonly dir: 'ltr' | 'rtl'
  readonly messages: Catalogue
  readonly formatters: Formatters
}

/** @public */
export interface LocaleDefinition {
  readonly tag: string
  readonly dir: Locale['dir']
  /** Given the formatters of the same language, so that counts and lists inside sentences follow it. */
  readonly messages: (formatters: Formatters) => Catalogue
}

/**
 * Joins a catalogue with the formats of its language.
 *
 * To change a word: `{ ...en, messages: { ...en.messages, send: 'Post' } }`.
 * To fix the time zone (tests, server rendering): `createLocale(enDefinition, { timeZone: 'UTC' })`.
 * @public
 */
export function createLocale(definition: LocaleDefinition, options: FormatterOptions = {}): Locale {
  const formatters = createFormatters(definition.tag, options)
  return { tag: definition.tag, dir: definition.dir, messages: definition.messages(formatters), formatters }
}
