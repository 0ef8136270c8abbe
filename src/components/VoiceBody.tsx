'use client'
import { useRef } from 'react'
import { useLocale } from '../react/localeContext.js'
import type { MessageBodyProps } from '../react/parts.js'
import { useAttachmentUrl } from '../react/useAttachmentUrl.js'
import { LazyVoicePlayer } from './lazyParts.js'

/** A voice message and what plays it. Nothing is loaded until it is played; it counts as viewed when it sounds: what is pressed and does not come was not heard. @public */
export function VoiceBody({ message, body, meta, onView }: MessageBodyProps<'voice'>) {
  const { messages, formatters } = useLocale()
  const { url } = useAttachmentUrl(body.file)
  const audio = useRef<HTMLAudioElement>(null)
  const length = body.durationMs === undefined ? '' : formatters.duration(body.durationMs)
  if (url === null) {
    return (
      <div className="rb-voice">
        <span className="rb-file-name">
          {messages.voice}
          {length !== '' && <span className="rb-file-size"> {length}</span>}
        </span>
        {meta}
      </div>
    )
  }
  return (
    <div className="rb-voice" role="group" aria-label={messages.voice}>
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- a message carries no captions */}
      <audio ref={audio} src={url} preload="none" onPlaying={() => onView?.(message)} />
      <div className="rb-voice-place">
        <LazyVoicePlayer audio={audio} durationMs={body.durationMs} />
      </div>
      {meta}
    </div>
  )
}
