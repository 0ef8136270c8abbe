'use client'
import { useLocale } from '../react/localeContext.js'
import type { MessageBodyProps } from '../react/parts.js'
import { useAttachmentUrl } from '../react/useAttachmentUrl.js'

/** A voice message with the browser's own player. Playing it counts as having viewed the message. @public */
export function VoiceBody({ message, body, meta, onView }: MessageBodyProps<'voice'>) {
  const { messages, formatters } = useLocale()
  const { url } = useAttachmentUrl(body.file)
  const length = body.durationMs === undefined ? '' : formatters.duration(body.durationMs)
  return (
    <div className="rb-voice">
      <span className="rb-file-name">
        {messages.voice}
        {length !== '' && <span className="rb-file-size"> {length}</span>}
      </span>
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- a message carries no captions */}
      {url !== null && <audio src={url} aria-label={messages.voice} controls preload="none" onPlay={() => onView?.(message)} />}
      {meta}
    </div>
  )
}
