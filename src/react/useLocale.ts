'use client'
import { useContext } from 'react'
import { en } from '../locales/en.js'
import type { Locale } from '../locales/locale.js'
import { LocaleContext } from './localeContext.js'

/** Words and formats of the nearest `<ChatProvider>`; English without one. @public */
export function useLocale(): Locale {
  return useContext(LocaleContext) ?? en
}
