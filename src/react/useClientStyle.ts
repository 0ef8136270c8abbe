'use client'
import { useSyncExternalStore } from 'react'

/**
 * A style that is not in the server's HTML. Under a strict policy (`style-src 'self'`) browsers refuse the attribute, and hydration would
 * not set it again; set by script, as here after hydration, every policy allows it.
 */
export function useClientStyle<Style>(style: Style): Style | undefined {
  return useSyncExternalStore(never, inBrowser, onServer) ? style : undefined
}

const never = () => () => {}
const inBrowser = () => true
const onServer = () => false
