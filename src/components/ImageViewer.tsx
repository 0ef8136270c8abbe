'use client'
/** Shows a picture over the page, and leads from one to the next through those that the list around holds. */
import { useContext, useState } from 'react'
import { messageKey, type Attachment, type Message } from '../model/index.js'
import { isSafeMediaUrl } from '../model/safeUrl.js'
import { ListContext } from '../react/listContext.js'
import { useLocale } from '../react/localeContext.js'
import { useParts } from '../react/parts.js'
import { useAttachmentUrl } from '../react/useAttachmentUrl.js'
import { Lightbox } from './Lightbox.js'
import { RowBoundary } from './RowBoundary.js'

export interface ImageViewerProps {
  /** Whose picture is shown first. */
  readonly message: Message
  /** Told of each that is led to. */
  readonly onView: ((message: Message) => void) | undefined
  readonly onClose: () => void
}

export function ImageViewer({ message, onView, onClose }: ImageViewerProps) {
  const source = useContext(ListContext)?.source
  const Part = useParts().Lightbox ?? Lightbox
  const { messages: words } = useLocale()
  const [chosen, choose] = useState<Message | null>(null)
  const shown = chosen ?? message
  const show = (next: Message) => {
    choose(next)
    onView?.(next)
  }
  const file = shown.body.kind === 'image' ? shown.body.file : NO_FILE
  const { url } = useAttachmentUrl(file)
  const around = source === undefined ? [] : source.getSnapshot().messages.filter(isPicture)
  const at = around.findIndex((each) => messageKey(each) === messageKey(shown))
  const [previous, next] = at === -1 ? [] : [around[at - 1], around[at + 1]]
  if (url === null || !isPicture(shown) || shown.body.kind !== 'image') return null
  return (
    <RowBoundary resetKey={shown} fallback={null}>
      <Part
        message={shown} url={url} alt={shown.body.alt || file.name || words.image} onClose={onClose}
        {...(previous && { onPrevious: () => show(previous) })}
        {...(next && { onNext: () => show(next) })}
      />
    </RowBoundary>
  )
}

/** Whether there is a picture to show, as far as the message tells. */
function isPicture({ body, recalledAt, deletedAt, hidden }: Message): boolean {
  if (body.kind !== 'image' || recalledAt !== undefined || deletedAt !== undefined || hidden) return false
  const { url, ref } = body.file
  return url === undefined ? ref !== undefined : isSafeMediaUrl(url)
}

const NO_FILE: Attachment = {}
