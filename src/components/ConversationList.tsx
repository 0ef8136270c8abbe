'use client'
import { forwardRef, useMemo, useRef, useState, type HTMLAttributes } from 'react'
import type { Conversation, ConversationId } from '../model/index.js'
import { useClient } from '../react/clientContext.js'
import { useLocale } from '../react/localeContext.js'
import { useParts, type ChatComponents } from '../react/parts.js'
import { useClientState } from '../react/useClientState.js'
import { classNames } from './classNames.js'
import { ConversationRow } from './ConversationRow.js'
import { EmptyState } from './EmptyState.js'
import { RowsList } from './RowsList.js'
import { useListKeys } from './useListKeys.js'
import { useToday } from './useToday.js'

/** @public */
export interface ConversationListProps extends Omit<HTMLAttributes<HTMLElement>, 'onSelect' | 'children'> {
  /** Controlled; null = none. Uncontrolled twin: `defaultSelectedId`. */
  readonly selectedId?: ConversationId | null
  /** Default: none. */
  readonly defaultSelectedId?: ConversationId | null
  readonly onSelect?: (conversationId: ConversationId) => void
  /** Default: all. */
  readonly filter?: (conversation: Conversation) => boolean
  /** Default: pinned first, then newest activity. */
  readonly sort?: (a: Conversation, b: Conversation) => number
  readonly components?: ChatComponents
}

/** Height of a row before it was measured, CSS pixels. */
const ROW_PX = 62

/**
 * My conversations. One stop for Tab; arrows, Page Up, Page Down, Home and End move within it. Of very many it renders those in sight.
 * @throws ChatError `part/outside` without a provider
 * @public
 */
export const ConversationList = forwardRef<HTMLElement, ConversationListProps>(function ConversationList(props, ref) {
  const { selectedId, defaultSelectedId = null, onSelect, filter, sort = byActivity, components, className, ...rest } = props
  const client = useClient('<ConversationList>')
  const { messages } = useLocale()
  const parts = useParts(components)
  const all = useClientState((state) => state.conversations, '<ConversationList>')
  const hydrated = useClientState((state) => state.hydrated, '<ConversationList>')
  const [ownSelectedId, setOwnSelectedId] = useState(defaultSelectedId)
  const selected = selectedId === undefined ? ownSelectedId : selectedId
  const shown = useMemo(() => [...(filter === undefined ? all : all.filter(filter))].sort(sort), [all, filter, sort])
  const selectedAt = useMemo(() => shown.findIndex(({ id }) => id === selected), [shown, selected])
  const tabStop = Math.max(0, selectedAt)
  const scroller = useRef<HTMLElement | null>(null)
  const { onKeyDown, onFocus, onBlur, keep, scrollToRow } = useListKeys(scroller, shown.length, tabStop)
  // What was said today was said yesterday once it is midnight.
  useToday(client.ports.clock)
  const nowMs = Math.floor(client.ports.clock.now() / MINUTE_MS) * MINUTE_MS
  const RowPart = parts.ConversationRow ?? ConversationRow
  const EmptyPart = parts.EmptyState ?? EmptyState

  const select = useLatest((id: ConversationId) => {
    setOwnSelectedId(id)
    onSelect?.(id)
  })
  const hold = (element: HTMLElement | null) => {
    scroller.current = element
    if (typeof ref === 'function') ref(element)
    else if (ref) ref.current = element
  }
  return (
    <nav ref={hold} aria-label={messages.conversationListLabel} {...rest} className={classNames('rb-conversations', className)}>
      {shown.length === 0 ? (
        <EmptyPart title={hydrated ? messages.noConversations : messages.loadingConversations} />
      ) : (
        <RowsList
          className="rb-conversations-list"
          count={shown.length}
          keyOf={(index) => (shown[index] as Conversation).id}
          row={(index) => {
            const conversation = shown[index] as Conversation
            return <RowPart conversation={conversation} selected={index === selectedAt} tabbable={index === tabStop} nowMs={nowMs} onSelect={select} />
          }}
          scroller={scroller}
          rowPx={ROW_PX}
          keep={keep}
          scrollToRow={scrollToRow}
          onKeyDown={onKeyDown}
          onFocus={onFocus}
          onBlur={onBlur}
        />
      )}
    </nav>
  )
})

const MINUTE_MS = 60_000

function byActivity(a: Conversation, b: Conversation): number {
  return Number(b.pinned ?? false) - Number(a.pinned ?? false) || b.lastActivityAt - a.lastActivityAt
}

/** The same function at every render, doing what the last render said: rows are not rendered for its sake. */
function useLatest<A extends readonly unknown[]>(fn: (...args: A) => void): (...args: A) => void {
  const latest = useRef(fn)
  latest.current = fn
  const [stable] = useState(() => (...args: A) => latest.current(...args))
  return stable
}
