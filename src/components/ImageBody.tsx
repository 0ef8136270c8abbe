'use client'
import { useState } from 'react'
import { isSafeMediaUrl } from '../model/index.js'
import { useLocale } from '../react/localeContext.js'
import type { MessageBodyProps } from '../react/parts.js'
import { mediaBox } from './mediaBox.js'

/** A picture in a box reserved before it loads. Opening it counts as having viewed the message. @public */
export function ImageBody({ message, body, meta, onView, onOpenAttachment }: MessageBodyProps<'image'>) {
  const { messages } = useLocale()
  const [failed, setFailed] = useState(false)
  const { url, name } = body.file
  const box = mediaBox(body.widthPx, body.heightPx)
  const alt = body.alt || name || messages.image
  const safe = url !== undefined && isSafeMediaUrl(url) ? url : null
  return (
    <div className="rb-media" style={{ inlineSize: box.widthPx, aspectRatio: `${box.widthPx} / ${box.heightPx}` }}>
      {safe === null || failed ? (
        <span className="rb-media-missing" role="img" aria-label={`${alt}. ${messages.imageFailed}`} dir="auto">
          {messages.imageFailed}
        </span>
      ) : (
        <a
          className="rb-media-link"
          href={safe}
          target="_blank"
          rel="noopener noreferrer"
          onClick={(event) => {
            onView?.(message)
            onOpenAttachment?.(event, message)
          }}
        >
          <img src={safe} alt={alt} width={box.widthPx} height={box.heightPx} loading="lazy" decoding="async" draggable={false} onError={() => setFailed(true)} />
        </a>
      )}
      {meta}
    </div>
  )
}
