'use client'
import { useCallback, useContext, useSyncExternalStore } from 'react'
import { messageKey, type Message } from '../model/index.js'
import { whyUnread, type WhyUnreadReason } from '../reading/index.js'
import { ListContext, type ListReading } from './listContext.js'

/**
 * Why a message is not read yet, live: renders again when the answer changes. Empty once it is read.
 * @param reading - default: of the list around, in whose rows (`components.MessageRow`) it then has to be; elsewhere `MessageListHandle.reading`
 * @public
 */
export function useWhyUnread(message: Message, reading?: ListReading | null): readonly WhyUnreadReason[] {
  const around = useContext(ListContext)
  const list = reading ?? around
  const subscribe = useCallback((listener: () => void) => {
    const stops = [list?.dwell.subscribe(listener), list?.readStates?.subscribe(listener)]
    return () => stops.forEach((stop) => stop?.())
  }, [list])
  const look = () => ask(message, list)
  return useSyncExternalStore(subscribe, look, look)
}

function ask(message: Message, list: ListReading | null): readonly WhyUnreadReason[] {
  const { userId, readStates, dwell } = list ?? NO_LIST
  // Without a viewer own messages are those that have a status, as in the list.
  const me = userId ?? (readStates && readStates.getStatus(message) !== null ? message.from : '')
  return whyUnread(message, { me, isRead: readStates?.isRead(message) === true, dwell: dwell?.getView(messageKey(message)) })
}

const NO_LIST = { userId: undefined, readStates: null, dwell: null } as const
