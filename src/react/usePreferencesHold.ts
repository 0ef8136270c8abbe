'use client'
import { useContext, useMemo, useRef, useState } from 'react'
import { PreferencesContext, type PreferencesHold, type ReceiptPreferences } from './preferences.js'

export interface PreferencesProps {
  /** What the user chose about receipts, controlled. Uncontrolled twin: `defaultPreferences`. */
  readonly preferences?: ReceiptPreferences
  /** Default: an outer provider's, else nothing chosen. */
  readonly defaultPreferences?: ReceiptPreferences
  /** Told the whole when something in it was chosen: the place to store it. */
  readonly onPreferencesChange?: (preferences: ReceiptPreferences) => void
}

/** Preferences given, or kept here, or those of an outer provider. */
export function usePreferencesHold({ preferences, defaultPreferences, onPreferencesChange }: PreferencesProps): PreferencesHold {
  const outer = useContext(PreferencesContext)
  const [own, setOwn] = useState(defaultPreferences)
  const tell = useRef(onPreferencesChange)
  tell.current = onPreferencesChange
  const keeps = preferences !== undefined || own !== undefined || onPreferencesChange !== undefined || outer.change === null
  const shown = preferences ?? own ?? EMPTY
  return useMemo(() => {
    if (!keeps) return outer
    return {
      preferences: shown,
      change(change) {
        const next = { ...shown, ...change }
        setOwn(next)
        tell.current?.(next)
      },
    }
  }, [keeps, outer, shown])
}

const EMPTY: ReceiptPreferences = {}
