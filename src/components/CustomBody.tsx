'use client'
import { clampText } from '../model/clampText.js'
import { useLocale } from '../react/localeContext.js'
import type { MessageBodyProps } from '../react/parts.js'

/** A kind only the app knows, by its fallback text. Replace it with `components={{ CustomBody }}`. @public */
export function CustomBody({ body, meta }: MessageBodyProps<'custom'>) {
  const { messages } = useLocale()
  const shown = clampText(body.fallback ?? messages.unsupportedMessage)
  return (
    <div className="rb-text" dir="auto" data-fallback={shown === body.fallback ? undefined : ''}>
      {shown}
      {meta}
    </div>
  )
}
