'use client'
/**
 * Moves the focus from message to message: Arrow Up and Down, Home, End; Escape leaves for the list itself. The list is one stop for Tab,
 * and from a focused message Tab goes on to what is in it. A row that has the focus stays mounted (`useRowPins`).
 *
 * What a row says to screen readers is put on it while it has the focus, however that came (by arrow keys, or given back by a menu):
 * rows need not be rendered for it, and replaced parts have it too.
 */
import { useContext, useMemo, useRef } from 'react'
import { useOptionalClient } from '../react/clientContext.js'
import { useLocale } from '../react/localeContext.js'
import { useReceiptPresentation } from '../react/receiptContext.js'
import { ProfileContext } from '../react/useProfile.js'
import { laterParts } from './lazyParts.js'
import type { RowFocus, RowFocusOptions, RowWords } from './rowFocus.js'

export function useRowFocus(options: RowFocusOptions): RowFocus {
  const given: RowFocusOptions & RowWords = { ...options, locale: useLocale(), client: useOptionalClient(), lookup: useContext(ProfileContext), receipts: useReceiptPresentation() }
  const latest = useRef(given)
  latest.current = given
  return useMemo(() => {
    let made: RowFocus | null = null
    const make = () => (made ??= laterParts.now()?.createRowFocus(latest) ?? null)
    return {
      // A key that is faster than the code scrolls, and is answered when that has come.
      onKeyDown: (event) => take(make(), (focus) => focus.onKeyDown(event)),
      onFocus: (event) => take(make(), (focus) => (event.target === document.activeElement ? focus.onFocus(event) : undefined)),
    }
    function take(focus: RowFocus | null, act: (focus: RowFocus) => void) {
      if (focus !== null) act(focus)
      else laterParts.load().then(() => act(make() as RowFocus), () => {})
    }
  }, [])
}
