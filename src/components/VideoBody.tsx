'use client'
import { useLocale } from '../react/localeContext.js'
import type { MessageBodyProps } from '../react/parts.js'
import { useAttachmentUrl } from '../react/useAttachmentUrl.js'
import { MediaFrame } from './MediaFrame.js'

/** A video with the browser's own controls. Nothing is loaded until it is played; it counts as viewed when it runs: what is pressed and does not come was not seen. @public */
export function VideoBody({ message, body, meta, onView }: MessageBodyProps<'video'>) {
  const { messages } = useLocale()
  const { url, pending } = useAttachmentUrl(body.file)
  return (
    <MediaFrame widthPx={body.widthPx} heightPx={body.heightPx} busy={pending}>
      {url !== null ? (
        // oxlint-disable-next-line jsx-a11y/media-has-caption -- a message carries no captions
        <video src={url} aria-label={messages.video} controls preload="none" playsInline onPlaying={() => onView?.(message)} />
      ) : (
        !pending && <span className="rb-media-missing">{messages.unsupportedMessage}</span>
      )}
      {meta}
    </MediaFrame>
  )
}
