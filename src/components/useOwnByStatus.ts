'use client'
import { useCallback, useSyncExternalStore } from 'react'
import { useOptionalClient } from '../react/clientContext.js'
import { sharedSubscription } from '../react/sharedSubscription.js'
import type { MessageListProps } from './SourceList.js'
import type { IsOwn } from './useListRows.js'

/** Where nobody said who looks, only own messages have a status; which those are may turn out later than the messages. Undefined where somebody did. */
export function useOwnByStatus({ source, userId, readStates = null }: MessageListProps): IsOwn | undefined {
  const client = useOptionalClient()
  const asks = userId === undefined && client === null
  const isOwn: IsOwn = (message) => message.outgoing !== undefined || (readStates?.getStatus(message) ?? null) !== null
  const answers = () => (asks ? source.getSnapshot().messages.map((message) => Number(isOwn(message))).join('') : '')
  const known = useSyncExternalStore(asks && readStates !== null ? sharedSubscription(readStates) : never, answers, answers)
  // oxlint-disable-next-line react/exhaustive-deps -- the same question, to be asked again
  const stable = useCallback(isOwn, [readStates, known])
  return asks ? stable : undefined
}

const never = () => () => {}
