import { useCallback, useMemo, useRef } from 'react'
import type { Message, MessageSnapshot, UserId } from '../model/index.js'
import { buildListRows, NO_ROWS, type ListRows } from './listRows.js'

export type IsOwn = (message: Message) => boolean

/** Rows of a snapshot; those that say the same as before keep their object. `given`: where nobody said who looks. */
export function useListRows({ messages, hasOlder, firstUnreadKey }: MessageSnapshot, userId: UserId | undefined, given: IsOwn | undefined): ListRows {
  const previous = useRef<ListRows>(NO_ROWS)
  const isOwn = useCallback<IsOwn>((message) => given?.(message) ?? message.from === userId, [userId, given])
  return useMemo(() => {
    const list = buildListRows({ messages, hasOlder, firstUnreadKey, isOwn }, previous.current)
    previous.current = list
    return list
  }, [messages, hasOlder, firstUnreadKey, isOwn])
}
