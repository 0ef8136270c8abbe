'use client'
import { memo, useContext, useEffect, useState } from 'react'
import { isolate } from '../locales/isolate.js'
import type { ConversationId, Message, MessageId } from '../model/index.js'
import { useOptionalClient } from '../react/clientContext.js'
import { ListContext, useListedMessage, useViewer } from '../react/listContext.js'
import { useLocale } from '../react/localeContext.js'
import { nameOf } from '../react/parts.js'
import { useProfile } from '../react/useProfile.js'
import { hueOf } from './hueOf.js'
import { messagePreview } from './messagePreview.js'

export interface QuoteBlockProps {
  readonly conversationId: ConversationId
  readonly id: MessageId
}

/** What a message answers: who wrote it and how it begins. A click leads there. */
export const QuoteBlock = memo(function QuoteBlock({ conversationId, id }: QuoteBlockProps) {
  const { messages } = useLocale()
  const scrollTo = useContext(ListContext)?.scrollTo
  const quoted = useQuoted(conversationId, id)
  if (quoted === undefined) {
    return (
      <QuoteFrame onOpen={scrollTo && (() => void scrollTo(id))} hue={undefined}>
        <span className="rb-quote-text" data-missing="">{messages.quoteMissing}</span>
      </QuoteFrame>
    )
  }
  return <QuoteOf message={quoted} onOpen={scrollTo && (() => void scrollTo(id))} />
})

/** Also shown above the composer, where it leads nowhere. */
export function QuoteOf({ message, onOpen, title }: { message: Message; onOpen?: (() => void) | undefined; title?: string }) {
  const locale = useLocale()
  const own = useViewer() === message.from
  const name = nameOf(useProfile(message.from))
  const who = own ? locale.messages.you : name
  const excerpt = messagePreview(message, own, isolate(name), locale)
  return (
    <QuoteFrame onOpen={onOpen} hue={hueOf(message.from)}>
      <span className="rb-quote-author"><bdi>{title ?? who}</bdi></span>
      <span className="rb-quote-text" dir="auto">{excerpt}</span>
    </QuoteFrame>
  )
}

interface QuoteFrameProps {
  readonly onOpen: (() => void) | undefined
  readonly hue: ReturnType<typeof hueOf> | undefined
  readonly children: React.ReactNode
}

function QuoteFrame({ onOpen, hue, children }: QuoteFrameProps) {
  const { messages } = useLocale()
  if (onOpen === undefined) return <div className="rb-quote" data-hue={hue}>{children}</div>
  return (
    <button type="button" className="rb-quote" data-hue={hue} onClick={onOpen}>
      <span className="rb-sr">{messages.inReplyTo} </span>
      {children}
    </button>
  )
}

/** From the list around it, else from what is stored; undefined where it is in neither, or is not to be shown. */
function useQuoted(conversationId: ConversationId, id: MessageId): Message | undefined {
  const client = useOptionalClient()
  const listed = useListedMessage(id)
  const [stored, setStored] = useState<Message>()
  const missing = listed === undefined
  useEffect(() => {
    if (!missing || client?.getMessage === undefined) return
    let wanted = true
    client.getMessage(conversationId, id).then(
      (message) => {
        if (wanted && message !== null) setStored(message)
      },
      // Storage that cannot answer shows itself in the client's state; the quote then says that it is not here.
      () => {},
    )
    return () => {
      wanted = false
    }
  }, [client, conversationId, id, missing])
  const found = listed ?? (stored?.ids.includes(id) ? stored : undefined)
  return found?.hidden ? undefined : found
}
