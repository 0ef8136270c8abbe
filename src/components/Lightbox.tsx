'use client'
import { useState, type CSSProperties, type KeyboardEvent, type ReactNode } from 'react'
import type { Message } from '../model/index.js'
import { useLocale } from '../react/localeContext.js'
import { nameOf, type LightboxProps } from '../react/parts.js'
import { useProfile } from '../react/useProfile.js'
import { classNames, flag } from './classNames.js'
import { glyph } from './glyph.js'
import { closeGlyph } from './menuGlyphs.js'
import { isSize } from './mediaBox.js'
import { useModal } from './useModal.js'

export type { LightboxProps }

/** What the stylesheet keeps free beside the picture, and above and below it. */
const SIDES_PX = 24
const BAR_PX = 90

/**
 * One picture over the whole page. Escape and a press beside it close it; arrow keys go to the pictures around it; Enter, Space or a press on it zooms.
 * A modal dialog of the browser's own: nothing under it can be reached, nor counts as read.
 *
 * Data attributes: `data-zoomed`, `data-failed`.
 * @public
 */
export function Lightbox({ message, url, alt, onClose, onPrevious, onNext, className, ...rest }: LightboxProps) {
  const { messages, formatters } = useLocale()
  const dialog = useModal(onClose)
  const [view, setView] = useState<{ readonly url: string; readonly zoomed: boolean; readonly failed: boolean }>({ url, zoomed: false, failed: false })
  const { zoomed, failed } = view.url === url ? view : { zoomed: false, failed: false }
  const name = nameOf(useProfile(message.from))

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    // The list beneath has keys of its own.
    event.stopPropagation()
    const rtl = getComputedStyle(event.currentTarget).direction === 'rtl'
    const towardsEnd = event.key === (rtl ? 'ArrowLeft' : 'ArrowRight')
    const towardsStart = event.key === (rtl ? 'ArrowRight' : 'ArrowLeft')
    // A key that is held leads no further: nobody sees what flies by.
    if (event.repeat && event.key === 'Enter') event.preventDefault()
    if (zoomed || !(towardsEnd || towardsStart)) return
    event.preventDefault()
    if (event.repeat) return
    if (towardsEnd) onNext?.()
    else onPrevious?.()
  }
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- Escape is the key
    <dialog
      {...rest} ref={dialog} className={classNames('rb-lightbox', className)} aria-label={messages.imageViewer} data-zoomed={flag(zoomed)} data-failed={flag(failed)}
      onKeyDown={onKeyDown}
      onClick={(event) => isBeside(event.target) && onClose()}
    >
      <header className="rb-lightbox-bar">
        <span className="rb-lightbox-words">
          <span className="rb-lightbox-author"><bdi>{name}</bdi></span>
          <span className="rb-lightbox-time">{formatters.full(message.time)}</span>
        </span>
        <a className="rb-icon-button rb-lightbox-button" href={url} target="_blank" rel="noopener noreferrer" aria-label={messages.openOriginal} title={messages.openOriginal}>
          {line('M11.5 4h4.5v4.5M16 4l-7 7M13.5 11.5V16H4V6.5h4.5')}
        </a>
        <button type="button" className="rb-icon-button rb-lightbox-button" data-first="" aria-label={messages.closeViewer} title={messages.closeViewer} onClick={onClose}>
          {closeGlyph}
        </button>
      </header>
      <div className="rb-lightbox-stage">
        {failed ? (
          <p className="rb-lightbox-failed" role="alert">{messages.imageFailed}</p>
        ) : (
          <button type="button" className="rb-lightbox-picture" aria-pressed={zoomed} aria-label={messages.zoom} title={messages.zoom} onClick={() => setView({ url, zoomed: !zoomed, failed: false })}>
            <img src={url} alt={alt} style={zoomed ? undefined : boxOf(message)} draggable={false} onError={() => setView({ url, zoomed: false, failed: true })} />
          </button>
        )}
      </div>
      {onPrevious !== undefined && (
        <button type="button" className="rb-icon-button rb-lightbox-button" data-side="previous" aria-label={messages.previousImage} title={messages.previousImage} onClick={onPrevious}>
          {line('m12 4.5-5.5 5.5 5.5 5.5', '')}
        </button>
      )}
      {onNext !== undefined && (
        <button type="button" className="rb-icon-button rb-lightbox-button" data-side="next" aria-label={messages.nextImage} title={messages.nextImage} onClick={onNext}>
          {line('m8 4.5 5.5 5.5-5.5 5.5', '')}
        </button>
      )}
    </dialog>
  )
}

/** As it says of itself, so that nothing jumps when it arrives; a drawing without a size of its own has none else. Never larger than the page. */
function boxOf({ body }: Message): CSSProperties | undefined {
  if (body.kind !== 'image' || !isSize(body.widthPx) || !isSize(body.heightPx)) return undefined
  const ratio = body.widthPx / body.heightPx
  return { aspectRatio: `${ratio}`, inlineSize: `min(100vw - ${SIDES_PX}px, ${body.widthPx}px, (100vh - ${BAR_PX}px) * ${ratio})` }
}

function isBeside(target: EventTarget): boolean {
  return target instanceof Element && target.matches('.rb-lightbox, .rb-lightbox-stage')
}

const line = (path: string, mirror?: ''): ReactNode => glyph(path, mirror, 1.7, 20)
