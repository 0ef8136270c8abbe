'use client'
import { useEffect, useRef } from 'react'
import type { ChatClient } from '../client/chatClient.js'
import type { ConversationId, ConversationKind, MessageSource, Stop } from '../model/index.js'
import type { ReadStateSource } from '../receipts/index.js'
import { useAnnounce } from '../react/announcerContext.js'
import { useLocale } from '../react/localeContext.js'
import { useReceiptPresentation } from '../react/receiptContext.js'
import type { Announcing } from './announcing.js'
import { besideEngine } from './lazyBesideEngine.js'

/** Says what happens in the conversation that a window shows. Renders nothing. */
export function useAnnouncements(client: ChatClient, conversationId: ConversationId, kind: ConversationKind, source: MessageSource, readStates: ReadStateSource): void {
  const given = { announce: useAnnounce(), locale: useLocale(), receipts: useReceiptPresentation(), kind }
  const latest = useRef<Announcing>(given)
  latest.current = given
  useEffect(() => {
    let stop: Stop | null = null
    let mounted = true
    // Its code comes after the first screen: what is there by then is history.
    besideEngine.load().then(({ announceFor }) => {
      if (mounted) stop = announceFor(client, conversationId, source, readStates, () => latest.current)
    }, () => {})
    return () => {
      mounted = false
      stop?.()
    }
  }, [client, conversationId, source, readStates])
}
