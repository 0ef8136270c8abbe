'use client'
import type { ConversationId } from '../model/index.js'
import { useLocale } from '../react/localeContext.js'
import { useClientState } from '../react/useClientState.js'
import { useConversation } from '../react/useConversation.js'
import { smallGlyph } from './glyph.js'

export interface ReceiptsIndicatorProps {
  readonly conversationId: ConversationId
  /** Opens the settings. */
  readonly onOpen: () => void
}

/** Says, while it is so, that others are not told what I read here. */
export function ReceiptsIndicator({ conversationId, onOpen }: ReceiptsIndicatorProps) {
  const { messages } = useLocale()
  const own = useConversation(conversationId)?.receipts
  const all = useClientState((state) => state.receipts)
  const setting = own ?? all
  if (setting === undefined || setting === 'public') return null
  const name = messages.visibilityMarks[setting]
  return (
    <button type="button" className="rb-receipts-indicator" data-receipts={setting} aria-haspopup="dialog" aria-label={name} title={messages.visibilityHints[setting]} onClick={onOpen}>
      {smallGlyph('M2 2l12 12M6.5 3.7A6.6 6.6 0 0 1 8 3.5c3.8 0 6.3 4.5 6.3 4.5a11 11 0 0 1-1.9 2.3M9.7 12.2A6.4 6.4 0 0 1 8 12.5C4.2 12.5 1.7 8 1.7 8a11 11 0 0 1 2.5-2.9M6.7 6.6a2 2 0 0 0 2.7 2.7', 1.5, 14)}
      <span className="rb-receipts-indicator-text">{name}</span>
    </button>
  )
}
