'use client'
/** Shows a picture over the page, and leads from one to the next through those that the list around holds. */
import { useContext, useEffect, useRef, useState, type SyntheticEvent } from 'react'
import { messageKey, systemVisibility, type Attachment, type Message, type PageVisibility } from '../model/index.js'
import { isSafeMediaUrl } from '../model/safeUrl.js'
import { useOptionalClient } from '../react/clientContext.js'
import { ListContext } from '../react/listContext.js'
import { useLocale } from '../react/localeContext.js'
import { useParts } from '../react/parts.js'
import { useAttachmentUrl } from '../react/useAttachmentUrl.js'
import { Lightbox } from './Lightbox.js'
import { RowBoundary } from './RowBoundary.js'

export interface ImageViewerProps {
  /** Whose picture is shown first. */
  readonly message: Message
  /** Told of each that is shown, once it is here. */
  readonly onView: ((message: Message) => void) | undefined
  readonly onClose: () => void
}

export function ImageViewer({ message, onView, onClose }: ImageViewerProps) {
  const source = useContext(ListContext)?.source
  const Part = useParts().Lightbox ?? Lightbox
  const { messages: words } = useLocale()
  const [chosen, choose] = useState<Message | null>(null)
  const shown = chosen ?? message
  const file = shown.body.kind === 'image' ? shown.body.file : NO_FILE
  const { url, pending } = useAttachmentUrl(file)
  const onLoad = useViewed(shown, url, onView, useOptionalClient()?.ports.visibility ?? systemVisibility)
  const isGone = !isPicture(shown) || (url === null && !pending)
  useEffect(() => {
    // Nothing would be over the page, and no press could open anything again.
    if (isGone) onClose()
  }, [isGone, onClose])
  const around = source === undefined ? [] : source.getSnapshot().messages.filter(isPicture)
  const at = around.findIndex((each) => messageKey(each) === messageKey(shown))
  const [previous, next] = at === -1 ? [] : [around[at - 1], around[at + 1]]
  if (isGone || url === null || shown.body.kind !== 'image') return null
  return (
    <RowBoundary resetKey={shown} fallback={null}>
      <div style={{ display: 'contents' }} onLoadCapture={onLoad}>
        <Part
          message={shown} url={url} alt={shown.body.alt || file.name || words.image} onClose={onClose}
          {...(previous && { onPrevious: () => choose(previous) })}
          {...(next && { onNext: () => choose(next) })}
        />
      </div>
    </RowBoundary>
  )
}

/**
 * Tells of each that is shown once its picture is here, on a page that is looked at: what failed, or is not to be had, nobody has viewed, nor what came after they had gone to
 * another tab. Returns what hears of all that loads in the viewer.
 */
function useViewed(message: Message, url: string | null, onView: ImageViewerProps['onView'], visibility: PageVisibility): (event: SyntheticEvent) => void {
  const here = useRef<string | null>(null)
  const told = useRef<string | null>(null)
  const tell = () => {
    // By key: the message changes by being viewed, say.
    const key = messageKey(message)
    if (url === null || url !== here.current || key === told.current || !visibility.isVisible()) return
    told.current = key
    onView?.(message)
  }
  useEffect(() => {
    // The same picture again loads only once.
    tell()
    return visibility.subscribe(tell)
  })
  return ({ target }) => {
    if ((target as Element).getAttribute('src') !== url) return
    here.current = url
    tell()
  }
}

/** Whether there is a picture to show, as far as the message tells. */
function isPicture({ body, recalledAt, deletedAt, hidden }: Message): boolean {
  if (body.kind !== 'image' || recalledAt !== undefined || deletedAt !== undefined || hidden) return false
  const { url, ref } = body.file
  return url === undefined ? ref !== undefined : isSafeMediaUrl(url)
}

const NO_FILE: Attachment = {}
