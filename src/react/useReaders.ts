'use client'
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { messageKey, systemClock, type Message } from '../model/index.js'
import type { Tally } from '../receipts/index.js'
import { useOptionalClient } from './clientContext.js'
import { createReaderPager, NO_READERS, type ReaderPager, type ReadersView } from './readerPager.js'
import { clientReaders, type ReaderSource } from './readerSource.js'
import { sharedSubscription } from './sharedSubscription.js'

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
  const tally = useSyncExternalStore(source === null ? never : sharedSubscription(source), () => source?.getTally(message) ?? UNKNOWN, () => UNKNOWN)
  const [pager, setPager] = useState<ReaderPager | null>(null)
  const clock = client?.ports.clock ?? systemClock
  // Its place may come later than the message; another text is no reason to load anew.
  const key = `${messageKey(message)} ${message.at?.order ?? ''}`
  const latest = useRef(message)
  latest.current = message
  /** What is asked, and of whom: the answer to another question is none. */
  const question = useMemo(() => ({ source, key, clock }), [source, key, clock])
  const [answer, setAnswer] = useState<{ readonly question: object; readonly view: ReadersView } | null>(null)
  useEffect(() => {
    if (question.source === null) return
    const made = createReaderPager(question.source, () => latest.current, question.clock, (view) => setAnswer({ question, view }))
    setPager(made)
    return () => made.stop()
  }, [question])
  const view = answer?.question === question ? answer.view : NO_READERS
  return { ...view, tally, loadMore: pager?.loadMore ?? nothing }
}

const never = () => nothing
const nothing = () => {}
