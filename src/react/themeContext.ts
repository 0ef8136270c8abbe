'use client'
import { createContext, useContext } from 'react'

/** @public */
export type Theme = 'light' | 'dark' | 'system'

/** @public */
export type Density = 'comfortable' | 'compact'

/** @public */
export interface Appearance {
  readonly theme: Theme
  readonly density: Density
  readonly dir: 'ltr' | 'rtl'
  /** Where parts that float over the page are put; null = at the end of the provider's own element. */
  readonly portalContainer: HTMLElement | null
}

export const AppearanceContext = createContext<Appearance>({ theme: 'system', density: 'comfortable', dir: 'ltr', portalContainer: null })

/** Theme, density and direction chosen by the nearest `<ChatProvider>`. @public */
export function useTheme(): Appearance {
  return useContext(AppearanceContext)
}
