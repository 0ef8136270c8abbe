'use client'
/** Opens pictures over the page, and leads from one to the next through those that the list around holds. */
import { useContext, useState, type ReactNode } from 'react'
import { messageKey, type Attachment, type Message } from '../model/index.js'
import { isSafeMediaUrl } from '../model/linkify.js'
import { ListContext } from '../react/listContext.js'
import { useLocale } from '../react/localeContext.js'
import { useParts } from '../react/parts.js'
import { useAttachmentUrl } from '../react/useAttachmentUrl.js'
import { LazyLightbox } from './lazyParts.js'
import { RowBoundary } from './RowBoundary.js'

interface ImageViewer {
  readonly open: () => void
  /** To be rendered where the picture is. */
  readonly viewer: ReactNode
}

export function useImageViewer(message: Message, onView: ((message: Message) => void) | undefined): ImageViewer {
  const source = useContext(ListContext)?.source
  const Part = useParts().Lightbox ?? LazyLightbox
  const { messages: words } = useLocale()
  const [shown, setShown] = useState<Message | null>(null)
  const show = (next: Message) => {
    setShown(next)
    onView?.(next)
  }
  const file = shown?.body.kind === 'image' ? shown.body.file : NO_FILE
  const { url } = useAttachmentUrl(file)
  if (shown === null) return { open: () => show(message), viewer: null }
  const around = source === undefined ? [] : source.getSnapshot().messages.filter(isPicture)
  const at = around.findIndex((each) => messageKey(each) === messageKey(shown))
  const [previous, next] = at === -1 ? [] : [around[at - 1], around[at + 1]]
  const viewer = url !== null && isPicture(shown) && shown.body.kind === 'image' && (
    <RowBoundary resetKey={shown} fallback={null}>
      <Part
        message={shown} url={url} alt={shown.body.alt || file.name || words.image} onClose={() => setShown(null)}
        {...(previous && { onPrevious: () => show(previous) })}
        {...(next && { onNext: () => show(next) })}
      />
    </RowBoundary>
  )
  return { open: () => show(message), viewer }
}

/** Whether there is a picture to show, as far as the message tells. */
function isPicture({ body, recalledAt, deletedAt, hidden }: Message): boolean {
  if (body.kind !== 'image' || recalledAt !== undefined || deletedAt !== undefined || hidden) return false
  const { url, ref } = body.file
  return url === undefined ? ref !== undefined : isSafeMediaUrl(url)
}

const NO_FILE: Attachment = {}
