'use client'
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { messageKey, systemClock, type Message } from '../model/index.js'
import type { Tally } from '../receipts/index.js'
import { useOptionalClient } from './clientContext.js'
import { createReaderPager, NO_READERS, type ReaderPager, type ReadersView } from './readerPager.js'
import { clientReaders, type ReaderSource } from './readerSource.js'

export interface Readers extends ReadersView {
  readonly tally: Tally
  readonly loadMore: () => void
}

const UNKNOWN: Tally = { tracked: false, reason: 'unsupported' }

/** Who read a message, live. `given` goes before the client's own knowledge; keep it stable between renders. */
export function useReaders(message: Message, given: ReaderSource | undefined): Readers {
  const client = useOptionalClient()
  const { conversationId } = message
  const source = useMemo(() => given ?? (client === null ? null : clientReaders(client, conversationId)), [given, client, conversationId])
  const tally = useSyncExternalStore(source?.subscribe ?? never, () => source?.getTally(message) ?? UNKNOWN, () => UNKNOWN)
  const [pager, setPager] = useState<ReaderPager | null>(null)
  const [view, setView] = useState<ReadersView>(NO_READERS)
  const clock = client?.ports.clock ?? systemClock
  // Its place may come later than the message; another text is no reason to load anew.
  const key = `${messageKey(message)} ${message.at?.order ?? ''}`
  useEffect(() => {
    if (source === null) return
    const made = createReaderPager(source, message, clock, setView)
    setPager(made)
    return () => {
      made.stop()
      setView(NO_READERS)
    }
    // oxlint-disable-next-line react/exhaustive-deps -- the key stands for the message
  }, [source, key, clock])
  return { ...view, tally, loadMore: pager?.loadMore ?? nothing }
}

const never = () => nothing
const nothing = () => {}
