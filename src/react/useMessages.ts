'use client'
import { useCallback, useSyncExternalStore } from 'react'
import type { MessageSnapshot, MessageSource } from '../model/index.js'

/** What a source shows now; renders again whenever it changed. @public */
export function useMessages(source: MessageSource): MessageSnapshot {
  const subscribe = useCallback((listener: () => void) => source.subscribe(listener), [source])
  return useSyncExternalStore(subscribe, () => source.getSnapshot(), () => source.getServerSnapshot())
}
