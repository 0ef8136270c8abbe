'use client'
import { systemClock } from '../model/index.js'
import { useOptionalClient } from '../react/clientContext.js'
import { useLocale } from '../react/localeContext.js'
import type { MessageBodyProps } from '../react/parts.js'
import { useAttachmentUrl } from '../react/useAttachmentUrl.js'
import { UploadProgress } from './UploadProgress.js'

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
        {message.outgoing !== undefined && <UploadProgress message={message} />}
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
    import('./saveFile.js').then(({ saveFile }) => saveFile(within, shown, clock), () => {})
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

export function FileGlyph() {
  return (
    <span className="rb-file-icon" aria-hidden="true">
      <svg viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" strokeLinecap="round">
        <path d="M5 2.75h6.5L15.25 6.5v10.75H5zM11.25 3v3.75H15M7.75 10.5h4.75M7.75 13.5h4.75" />
      </svg>
    </span>
  )
}
