'use client'
import { forwardRef } from 'react'
import { rowParts } from './rowParts.js'
import { RowPartsContext } from './rowPartsContext.js'
import { SourceList, type MessageListHandle, type MessageListProps } from './SourceList.js'
import { useOwnByStatus } from './useOwnByStatus.js'

export type { MessageListHandle, MessageListProps }

/**
 * Shows a conversation: opens at the first unread message, loads pages at both ends, follows the newest only while the reader is there.
 * Fills its container, which needs a height. Needs no client: `createArraySource` feeds it.
 * Its look (tokens, theme, words) comes from a `<ChatProvider>` around it, which may be without a client.
 *
 * Data attributes: `data-at-bottom`, `data-loading`; on the scrolling element `data-settled` (it moves no more by itself).
 * @public
 */
export const MessageList = forwardRef<MessageListHandle, MessageListProps>(function MessageList(props, ref) {
  const isOwn = useOwnByStatus(props)
  return (
    <RowPartsContext.Provider value={rowParts}>
      <SourceList {...props} isOwn={isOwn} ref={ref} />
    </RowPartsContext.Provider>
  )
})
