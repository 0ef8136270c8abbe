'use client'
import { useEffect, useMemo } from 'react'
import type { ChatClient } from '../client/chatClient.js'
import type { Clock, ConversationId, Stop } from '../model/index.js'

/** A draft is stored when typing pauses this long. */
const STORE_AFTER_MS = 400

/** A draft on its way into storage. */
export interface StoredDraft {
  keep(text: string): void
  /** Stores what waits now. */
  flush(): void
}

/** Keeps what is being written in storage, so that it survives a reload. What waits is stored at once when the page hides or the part goes. */
export function useStoredDraft(client: ChatClient, conversationId: ConversationId, clock: Clock): StoredDraft {
  const draft = useMemo(() => draftKeeper((text) => void client.setDraft(conversationId, text).catch(() => {}), clock), [client, conversationId, clock])
  useEffect(() => {
    const onHide = () => draft.flush()
    document.addEventListener('visibilitychange', onHide)
    window.addEventListener('pagehide', onHide)
    return () => {
      document.removeEventListener('visibilitychange', onHide)
      window.removeEventListener('pagehide', onHide)
      draft.flush()
    }
  }, [draft])
  return draft
}

function draftKeeper(store: (text: string) => void, clock: Clock): StoredDraft {
  let waiting: string | null = null
  let cancel: Stop = () => {}
  const flush = () => {
    cancel()
    if (waiting === null) return
    store(waiting)
    waiting = null
  }
  return {
    flush,
    keep(text: string) {
      waiting = text
      cancel()
      // An emptied field was sent or given up: a draft must not come back after it.
      if (text === '') flush()
      else cancel = clock.setTimer(flush, STORE_AFTER_MS)
    },
  }
}
