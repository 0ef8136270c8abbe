'use client'
/** What a person chose about receipts: how they look, and how fast reading is reported. */
import { createContext, useContext } from 'react'
import type { ReceiptLook } from '../locales/catalogue.js'

/** Plain data: an app keeps it where it keeps its users' settings. @public */
export interface ReceiptPreferences {
  /** Default `icons`: as the app draws them. */
  readonly look?: ReceiptLook
  /** How long a message must be visible to count as read, milliseconds. Default: the client's policy. */
  readonly dwellMs?: number
}

export interface PreferencesHold {
  readonly preferences: ReceiptPreferences
  /** Null where no `<ChatProvider>` keeps them. */
  readonly change: ((change: ReceiptPreferences) => void) | null
}

export const PreferencesContext = createContext<PreferencesHold>({ preferences: {}, change: null })

/** What the user chose, as the nearest `<ChatProvider>` keeps it, and how to change it. @public */
export function useReceiptPreferences(): readonly [ReceiptPreferences, ((change: ReceiptPreferences) => void) | null] {
  const { preferences, change } = useContext(PreferencesContext)
  return [preferences, change]
}
