'use client'
import { createContext, useContext } from 'react'
import { enFirst, type FirstLocale } from '../locales/enFirst.js'
import type { Locale } from '../locales/locale.js'

/** Null where nobody chose: then it is English, and parts over an app's own data need no provider. */
export const LocaleContext = createContext<Locale | null>(null)

/** `useLocale()` for parts that a window loads first: without a choice they bring the English words that are seen at once, and no others. */
export function useFirstLocale(): FirstLocale {
  return useContext(LocaleContext) ?? enFirst
}
