'use client'
import { isolate } from '../locales/isolate.js'
import { useLocale } from '../react/localeContext.js'
import { nameOf, type ComposerMode } from '../react/parts.js'
import { useLiveMessage } from '../react/useLiveMessage.js'
import { useProfile } from '../react/useProfile.js'
import { closeGlyph } from './menuGlyphs.js'
import { QuoteOf } from './QuoteBlock.js'

/** Above the field: what is answered or changed, and the way out. */
export function ComposerContext({ mode, onCancel }: { mode: ComposerMode; onCancel: (() => void) | undefined }) {
  const { messages } = useLocale()
  const message = useLiveMessage(mode.message)
  const name = nameOf(useProfile(message.from))
  const title = mode.kind === 'edit' ? messages.editing : messages.replyingTo(isolate(name))
  return (
    <div className="rb-composer-mode" data-mode={mode.kind}>
      <QuoteOf message={message} title={title} />
      {onCancel !== undefined && (
        <button type="button" className="rb-icon-button" aria-label={messages.cancel} title={messages.cancel} onClick={onCancel}>
          {closeGlyph}
        </button>
      )}
    </div>
  )
}
