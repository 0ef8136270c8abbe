'use client'
import { forwardRef, useRef, useState, type HTMLAttributes, type KeyboardEvent } from 'react'
import type { Conversation, ConversationId } from '../model/index.js'
import { useClient } from '../react/clientContext.js'
import { useLocale } from '../react/localeContext.js'
import { useParts, type ChatComponents } from '../react/parts.js'
import { useClientState } from '../react/useClientState.js'
import { classNames } from './classNames.js'
import { ConversationRow } from './ConversationRow.js'
import { EmptyState } from './EmptyState.js'

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

/**
 * My conversations. One stop for Tab; arrows, Home and End move within it.
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
  const shown = [...(filter === undefined ? all : all.filter(filter))].sort(sort)
  const tabStop = shown.some(({ id }) => id === selected) ? selected : shown[0]?.id
  const list = useRef<HTMLUListElement>(null)
  const nowMs = Math.floor(client.ports.clock.now() / MINUTE_MS) * MINUTE_MS
  const RowPart = parts.ConversationRow ?? ConversationRow
  const EmptyPart = parts.EmptyState ?? EmptyState

  const select = useLatest((id: ConversationId) => {
    setOwnSelectedId(id)
    onSelect?.(id)
  })
  return (
    <nav ref={ref} aria-label={messages.conversationListLabel} {...rest} className={classNames('rb-conversations', className)}>
      {shown.length === 0 ? (
        <EmptyPart title={hydrated ? messages.noConversations : messages.loadingConversations} />
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- listens for the buttons within
        <ul ref={list} className="rb-conversations-list" onKeyDown={(event) => moveFocus(event, list.current)}>
          {shown.map((conversation) => (
            <li key={conversation.id}>
              <RowPart conversation={conversation} selected={conversation.id === selected} tabbable={conversation.id === tabStop} nowMs={nowMs} onSelect={select} />
            </li>
          ))}
        </ul>
      )}
    </nav>
  )
})

const MINUTE_MS = 60_000

function byActivity(a: Conversation, b: Conversation): number {
  return Number(b.pinned ?? false) - Number(a.pinned ?? false) || b.lastActivityAt - a.lastActivityAt
}

const STEPS: Readonly<Record<string, (index: number, last: number) => number>> = {
  ArrowDown: (index, last) => Math.min(last, index + 1),
  ArrowUp: (index) => Math.max(0, index - 1),
  Home: () => 0,
  End: (_, last) => last,
}

function moveFocus(event: KeyboardEvent, list: HTMLElement | null): void {
  const step = STEPS[event.key]
  if (step === undefined || list === null) return
  const rows = [...list.querySelectorAll<HTMLElement>('.rb-conversation')]
  const index = rows.findIndex((row) => row.contains(event.target as Node))
  event.preventDefault()
  rows[step(index, rows.length - 1)]?.focus()
}

/** The same function at every render, doing what the last render said: rows are not rendered for its sake. */
function useLatest<A extends readonly unknown[]>(fn: (...args: A) => void): (...args: A) => void {
  const latest = useRef(fn)
  latest.current = fn
  const [stable] = useState(() => (...args: A) => latest.current(...args))
  return stable
}
