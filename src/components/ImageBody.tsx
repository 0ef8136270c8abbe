'use client'
import { useState, type MouseEvent } from 'react'
import { useLocale } from '../react/localeContext.js'
import type { MessageBodyProps } from '../react/parts.js'
import { useAttachmentUrl } from '../react/useAttachmentUrl.js'
import { LazyImageViewer, LazyWaitingPicture } from './lazyParts.js'
import { MediaFrame } from './MediaFrame.js'

/**
 * A picture in a box reserved before it loads. Opening it counts as having viewed the message, once the picture is here: over the page, unless the app prevents that
 * in `onOpenAttachment` or the reader asks for a tab (Ctrl, Shift, middle button).
 * @public
 */
export function ImageBody({ message, body, meta, onView, onOpenAttachment }: MessageBodyProps<'image'>) {
  const { messages } = useLocale()
  const [failedUrl, setFailedUrl] = useState<string | null>(null)
  const [isOpen, setOpen] = useState(false)
  const { url, pending } = useAttachmentUrl(body.file)
  const alt = body.alt || body.file.name || messages.image
  const onClick = (event: MouseEvent) => {
    onOpenAttachment?.(event, message)
    const elsewhere = event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey
    // Whether it is here nobody can see there; over the page the viewer tells.
    if (elsewhere) return onView?.(message)
    event.preventDefault()
    setOpen(true)
  }
  return (
    <MediaFrame widthPx={body.widthPx} heightPx={body.heightPx} busy={pending}>
      {pending ? null : url === null && message.outgoing !== undefined ? (
        <LazyWaitingPicture message={message} alt={alt} />
      ) : url === null || failedUrl === url ? (
        <span className="rb-media-missing" role="img" aria-label={`${alt}. ${messages.imageFailed}`} dir="auto">
          <svg viewBox="0 0 24 24" width="26" height="26" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
            <path d="M4 4.5h16v15H4zM4 16l4.5-4.5 3 3 2.5-2.5 6 6M14.5 8.5h.01M3 3l18 18" />
          </svg>
          {messages.imageFailed}
        </span>
      ) : (
        <a className="rb-media-link" href={url} target="_blank" rel="noopener noreferrer" aria-label={messages.openImage(alt)} onClick={onClick}>
          <img src={url} alt={alt} loading="lazy" decoding="async" draggable={false} onError={() => setFailedUrl(url)} />
        </a>
      )}
      {meta}
      {isOpen && <LazyImageViewer message={message} onView={onView} onClose={() => setOpen(false)} />}
    </MediaFrame>
  )
}
