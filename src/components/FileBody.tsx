'use client'
import { systemClock } from '../model/index.js'
import { useOptionalClient } from '../react/clientContext.js'
import { useLocale } from '../react/localeContext.js'
import type { MessageBodyProps } from '../react/parts.js'
import { useAttachmentUrl } from '../react/useAttachmentUrl.js'
import { FileGlyph } from './FileGlyph.js'
import { laterParts, LazyUploadProgress } from './lazyParts.js'

/** A file by its name and size. One that came within its message is saved from there; its address is never followed. @public */
export function FileBody({ message, body, meta, onView, onOpenAttachment }: MessageBodyProps<'file'>) {
  const { messages, formatters } = useLocale()
  const { name, sizeBytes } = body.file
  const { url } = useAttachmentUrl(body.file)
  const clock = useOptionalClient()?.ports.clock ?? systemClock
  const within = url === null && body.file.url !== undefined && /^data:/i.test(body.file.url) ? body.file.url : null
  const shown = name || messages.file
  const size = sizeBytes !== undefined && sizeBytes >= 0 && Number.isFinite(sizeBytes) ? formatters.bytes(sizeBytes) : null
  const content = (
    <>
      <span className="rb-file-place">
        <FileGlyph />
        {message.outgoing !== undefined && <LazyUploadProgress message={message} />}
      </span>
      <span className="rb-file-words">
        <bdi className="rb-file-name">{shown}</bdi>{' '}
        {size !== null && <bdi className="rb-file-size">{size}</bdi>}
      </span>
    </>
  )
  const open = (event: React.MouseEvent) => {
    onView?.(message)
    onOpenAttachment?.(event, message)
  }
  const save = (event: React.MouseEvent) => {
    open(event)
    if (within === null || event.defaultPrevented) return
    laterParts.load().then(({ saveFile }) => saveFile(within, shown, clock), () => {})
  }
  return (
    <div className="rb-file">
      {url !== null ? (
        <a className="rb-file-link" href={url} target="_blank" rel="noopener noreferrer" download={name ?? ''} onClick={open}>
          {content}
        </a>
      ) : within !== null ? (
        <button type="button" className="rb-file-link" onClick={save}>
          {content}
        </button>
      ) : (
        <span className="rb-file-link">{content}</span>
      )}
      {meta}
    </div>
  )
}
