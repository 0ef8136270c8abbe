'use client'
import type { Message } from '../model/index.js'
import { useLocale } from '../react/localeContext.js'
import { smallGlyph } from './glyph.js'

/** Puts a failed message back in the queue. Stands beside the bubble, so that failing moves nothing. */
export function RetryButton({ message, onRetry }: { message: Message; onRetry: (message: Message) => void }) {
  const { messages } = useLocale()
  return (
    <button type="button" className="rb-retry" aria-label={messages.retry} title={message.failure?.message ?? messages.retry} onClick={() => onRetry(message)}>
      {smallGlyph('M13 8a5 5 0 1 1-1.5-3.55L13 6M13 2.75V6H9.75', 1.6)}
      <span className="rb-retry-text">{messages.retry}</span>
    </button>
  )
}
