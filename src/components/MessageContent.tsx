'use client'
import { memo } from 'react'
import type { MessageBody } from '../model/index.js'
import { useLocale } from '../react/localeContext.js'
import type { ChatComponents, MessageBodyProps } from '../react/parts.js'
import { CustomBody } from './CustomBody.js'
import { useRowParts } from './lazyBesideEngine.js'
import { MessageMeta } from './MessageMeta.js'
import { TextWords } from './TextWords.js'

interface MessageContentProps extends Pick<MessageBodyProps, 'message' | 'own'> {
  readonly onView: MessageBodyProps['onView'] | undefined
  readonly onLinkClick: MessageBodyProps['onLinkClick'] | undefined
  readonly onOpenAttachment: MessageBodyProps['onOpenAttachment'] | undefined
  readonly parts: ChatComponents
}

/** What a message says, by its kind, drawn by the app's own part where it gave one. Rendered again for other words only, not for a receipt. */
export const MessageContent = memo(function MessageContent({ message, own, onView, onLinkClick, onOpenAttachment, parts }: MessageContentProps) {
  const { messages } = useLocale()
  const bodies = useRowParts()
  const given: Omit<MessageBodyProps, 'body'> = { message, own, meta: <MessageMeta message={message} own={own} />, ...(onView && { onView }), ...(onLinkClick && { onLinkClick }), ...(onOpenAttachment && { onOpenAttachment }) }
  const body: MessageBody = given.message.body
  switch (body.kind) {
    case 'text': {
      const Part = parts.TextBody
      return Part ? <Part {...given} body={body} /> : <TextWords {...given} body={body} RichText={bodies.RichText} />
    }
    case 'image': {
      const Part = parts.ImageBody ?? bodies.ImageBody
      return <Part {...given} body={body} />
    }
    case 'video': {
      const Part = parts.VideoBody ?? bodies.VideoBody
      return <Part {...given} body={body} />
    }
    case 'voice': {
      const Part = parts.VoiceBody ?? bodies.VoiceBody
      return <Part {...given} body={body} />
    }
    case 'file': {
      const Part = parts.FileBody ?? bodies.FileBody
      return <Part {...given} body={body} />
    }
    case 'custom': {
      const Part = parts.CustomBody ?? CustomBody
      return <Part {...given} body={body} />
    }
    default:
      // A kind that a newer back end knows and this version does not.
      return (
        <div className="rb-text" data-fallback="">
          {messages.unsupportedMessage}
          {given.meta}
        </div>
      )
  }
})
