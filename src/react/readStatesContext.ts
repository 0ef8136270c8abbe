'use client'
/** Read state for the parts of a list: each hook is one subscription and renders its part for its own change only. */
import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Message, MessageStatus } from '../model/index.js'
import type { ReadStateSource, Tally } from '../receipts/index.js'
import { sharedSubscription } from './sharedSubscription.js'

/** The read states of the conversation around a part; null where nothing is known of them. `<MessageList>` provides it. @public */
export const ReadStatesContext = createContext<ReadStateSource | null>(null)
ReadStatesContext.displayName = 'ReadStatesContext'

/** Status of an own message; null for somebody else's. Without read states it says what the message itself does: sending, failed or nothing. @public */
export function useStatus(message: Message): MessageStatus | null {
  return useReadState((source) => (source === null ? (message.outgoing ?? null) : source.getStatus(message)))
}

/** The same for a row that knows whose message it is: somebody else's has none, and is not listened for. */
export function useOwnStatus(message: Message, own: boolean): MessageStatus | null {
  return useReadState((source) => (source === null ? (message.outgoing ?? null) : own ? source.getStatus(message) : null), own)
}

/** How many read a message; untracked without read states. @public */
export function useTally(message: Message): Tally {
  return useReadState((source) => (source === null ? UNTRACKED : source.getTally(message)))
}

/** Whether I have read a message; false without read states. @public */
export function useIsRead(message: Message): boolean {
  return useReadState((source) => source !== null && source.isRead(message))
}

function useReadState<T>(read: (source: ReadStateSource | null) => T, listens = true): T {
  const source = useContext(ReadStatesContext)
  const get = () => read(source)
  return useSyncExternalStore(source === null || !listens ? never : sharedSubscription(source), get, get)
}

const never = () => () => {}
const UNTRACKED: Tally = { tracked: false, reason: 'off' }
