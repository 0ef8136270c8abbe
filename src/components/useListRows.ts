import { useCallback, useMemo, useRef } from 'react'
import type { Message, MessageSnapshot, UserId } from '../model/index.js'
import type { ReadStateSource } from '../receipts/index.js'
import { buildListRows, NO_ROWS, type ListRows } from './listRows.js'

/** Rows of a snapshot; those that say the same as before keep their object. */
export function useListRows({ messages, hasOlder, firstUnreadKey }: MessageSnapshot, userId: UserId | undefined, readStates: ReadStateSource | null): ListRows {
  const previous = useRef<ListRows>(NO_ROWS)
  const isOwn = useCallback(
    // Without a user, only own messages have a status.
    (message: Message) => (userId !== undefined ? message.from === userId : message.outgoing !== undefined || (readStates?.getStatus(message) ?? null) !== null),
    [userId, readStates],
  )
  return useMemo(() => {
    const list = buildListRows({ messages, hasOlder, firstUnreadKey, isOwn }, previous.current)
    previous.current = list
    return list
  }, [messages, hasOlder, firstUnreadKey, isOwn])
}
