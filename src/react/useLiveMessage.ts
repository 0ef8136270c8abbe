'use client'
import { useCallback, useMemo, useRef, useSyncExternalStore } from 'react'
import { messageKey, type Message } from '../model/index.js'
import { useOptionalClient } from './clientContext.js'

/** A message as the client around holds it now, in an open conversation, or held it last; else as it was given. What was handed over when a dialog opened is soon an old version. */
export function useLiveMessage(given: Message): Message {
  const client = useOptionalClient()
  const { conversationId } = given
  const source = useMemo(() => client?.messages(conversationId), [client, conversationId])
  const subscribe = useCallback((listener: () => void) => source?.subscribe(listener) ?? nothing, [source])
  const key = messageKey(given)
  const last = useRef({ given, shown: given })
  if (last.current.given !== given) last.current = { given, shown: given }
  const find = () => {
    const found = source?.getSnapshot().messages.find((each) => messageKey(each) === key)
    if (found !== undefined) last.current.shown = found
    return last.current.shown
  }
  return useSyncExternalStore(subscribe, find, () => given)
}

const nothing = () => {}
