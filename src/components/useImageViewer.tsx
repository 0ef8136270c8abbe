'use client'
/** Opens pictures over the page, and leads from one to the next through those that the list around holds. */
import { useContext, useState, type ReactNode } from 'react'
import { isSafeMediaUrl, messageKey, type Message } from '../model/index.js'
import { ListContext } from '../react/listContext.js'
import { useLocale } from '../react/localeContext.js'
import { useParts } from '../react/parts.js'
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
  if (shown === null) return { open: () => show(message), viewer: null }
  const url = pictureUrl(shown)
  const around = source === undefined ? [] : source.getSnapshot().messages.filter((each) => pictureUrl(each) !== null)
  const at = around.findIndex((each) => messageKey(each) === messageKey(shown))
  const [previous, next] = at === -1 ? [] : [around[at - 1], around[at + 1]]
  const viewer = url !== null && shown.body.kind === 'image' && (
    <RowBoundary resetKey={shown} fallback={null}>
      <Part
        message={shown} url={url} alt={shown.body.alt || shown.body.file.name || words.image} onClose={() => setShown(null)}
        {...(previous && { onPrevious: () => show(previous) })}
        {...(next && { onNext: () => show(next) })}
      />
    </RowBoundary>
  )
  return { open: () => show(message), viewer }
}

/** Null where there is no picture, or none that may be loaded. */
function pictureUrl({ body, recalledAt, deletedAt, hidden }: Message): string | null {
  if (body.kind !== 'image' || recalledAt !== undefined || deletedAt !== undefined || hidden) return null
  const { url } = body.file
  return url !== undefined && isSafeMediaUrl(url) ? url : null
}
