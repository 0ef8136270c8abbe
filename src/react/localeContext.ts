'use client'
import { createContext, useContext } from 'react'
import { en } from '../locales/en.js'
import type { Locale } from '../locales/locale.js'

/** English where nobody chose: parts over an app's own data need no provider. */
export const LocaleContext = createContext<Locale>(en)

/** Words and formats of the nearest `<ChatProvider>`; English without one. @public */
export function useLocale(): Locale {
  return useContext(LocaleContext)
}
