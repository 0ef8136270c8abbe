'use client'
import type { MessageBody } from '../model/index.js'
import { useLocale } from '../react/localeContext.js'
import type { ChatComponents, MessageBodyProps } from '../react/parts.js'
import { CustomBody } from './CustomBody.js'
import { FileBody } from './FileBody.js'
import { ImageBody } from './ImageBody.js'
import { TextBody } from './TextBody.js'
import { VideoBody } from './VideoBody.js'
import { VoiceBody } from './VoiceBody.js'

type Given = Omit<MessageBodyProps, 'body'>

/** What a message says, by its kind, drawn by the app's own part where it gave one. */
export function MessageContent({ parts, ...given }: Given & { readonly parts: ChatComponents }) {
  const { messages } = useLocale()
  const body: MessageBody = given.message.body
  switch (body.kind) {
    case 'text': {
      const Part = parts.TextBody ?? TextBody
      return <Part {...given} body={body} />
    }
    case 'image': {
      const Part = parts.ImageBody ?? ImageBody
      return <Part {...given} body={body} />
    }
    case 'video': {
      const Part = parts.VideoBody ?? VideoBody
      return <Part {...given} body={body} />
    }
    case 'voice': {
      const Part = parts.VoiceBody ?? VoiceBody
      return <Part {...given} body={body} />
    }
    case 'file': {
      const Part = parts.FileBody ?? FileBody
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
}
