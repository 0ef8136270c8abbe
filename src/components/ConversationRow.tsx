'use client'
import { forwardRef, memo, useCallback, useMemo, useSyncExternalStore } from 'react'
import { isolate } from '../locales/isolate.js'
import type { Conversation, Message } from '../model/index.js'
import { useClient } from '../react/clientContext.js'
import { useLocale } from '../react/localeContext.js'
import { nameOf, type ConversationRowProps } from '../react/parts.js'
import { useConversationFace } from '../react/useConversationFace.js'
import { usePresence } from '../react/usePresence.js'
import { useProfile, useProfiles } from '../react/useProfile.js'
import { useTyping } from '../react/useTyping.js'
import { classNames, flag } from './classNames.js'
import { Face } from './Face.js'
import { isNotice } from './isNotice.js'
import { messagePreview } from './messagePreview.js'
import { ReceiptIcon } from './ReceiptIcon.js'
import { UnreadBadge } from './UnreadBadge.js'

export type { ConversationRowProps }

/** One conversation in the list: whose it is and whether they are there, its last message with its receipt, when, and how much is unread. @public */
export const ConversationRow = memo(
  forwardRef<HTMLButtonElement, ConversationRowProps>(function ConversationRow({ conversation, selected, tabbable, nowMs, onSelect, className, ...rest }, ref) {
    const { formatters, messages } = useLocale()
    const { title, avatarUrl, faceId } = useConversationFace(conversation.id, conversation)
    const there = usePresence(faceId)
    const presence = conversation.kind === 'direct' ? there : null
    const unread = (conversation.unread?.count ?? 0) > 0 || conversation.manualUnread.on
    return (
      <button
        ref={ref}
        type="button"
        {...rest}
        className={classNames('rb-conversation', className)}
        aria-current={selected ? 'true' : undefined}
        tabIndex={tabbable ? 0 : -1}
        data-selected={flag(selected)}
        data-unread={flag(unread)}
        onClick={() => onSelect(conversation.id)}
      >
        <Face userId={faceId} name={title} avatarUrl={avatarUrl} presence={presence} />
        <span className="rb-conversation-words">
          <span className="rb-conversation-line">
            <span className="rb-conversation-title"><bdi>{title}</bdi></span>
            {presence !== null && presence !== 'offline' && <span className="rb-sr">, {messages.presences[presence]}, </span>}
            {conversation.lastMessage !== null && (
              <time className="rb-conversation-time" dir="auto" suppressHydrationWarning>
                {formatters.dayOrTime(conversation.lastMessage.time, nowMs)}
              </time>
            )}
          </span>
          <span className="rb-conversation-line">
            <Preview conversation={conversation} selected={selected} />
            <UnreadBadge conversation={conversation} />
          </span>
        </span>
      </button>
    )
  }),
)

/** What was begun here, else who is typing, else what was said last. An open conversation shows the first two itself. */
function Preview({ conversation, selected }: { conversation: Conversation; selected: boolean }) {
  const { messages } = useLocale()
  const { draft, lastMessage } = conversation
  const names = useProfiles(useTyping(conversation.id)).map((profile) => isolate(nameOf(profile)))
  if (!selected && draft !== undefined && draft.trim() !== '') {
    return (
      <span className="rb-conversation-preview">
        <span className="rb-conversation-draft">{messages.draftPrefix} </span>
        <bdi>{draft.slice(0, 200)}</bdi>
      </span>
    )
  }
  if (!selected && names.length > 0) {
    return (
      <span className="rb-conversation-preview">
        <span className="rb-conversation-typing">{messages.typing(names, conversation.kind === 'direct')}</span>
      </span>
    )
  }
  return lastMessage === null ? <span className="rb-conversation-preview" /> : <LastMessage conversation={conversation} message={lastMessage} />
}

function LastMessage({ conversation, message }: { conversation: Conversation; message: Message }) {
  const client = useClient('<ConversationRow>')
  const locale = useLocale()
  const own = message.from === client.userId
  const name = isolate(nameOf(useProfile(message.from)))
  const said = !isNotice(message)
  return (
    <>
      {own && said && <OwnReceipt message={message} />}
      <span className="rb-conversation-preview">
        {conversation.kind === 'group' && !own && said && <span className="rb-conversation-from">{locale.messages.previewFrom(name)}</span>}
        <bdi>{messagePreview(message, own, name, locale)}</bdi>
      </span>
    </>
  )
}

function OwnReceipt({ message }: { message: Message }) {
  const client = useClient('<ConversationRow>')
  const source = useMemo(() => client.readStates(message.conversationId), [client, message.conversationId])
  const subscribe = useCallback((listener: () => void) => source.subscribe(listener), [source])
  const getStatus = () => source.getStatus(message)
  const status = useSyncExternalStore(subscribe, getStatus, getStatus)
  return status === null ? null : <ReceiptIcon status={status} />
}
