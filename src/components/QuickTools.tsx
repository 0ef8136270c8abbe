'use client'
import type { Message } from '../model/index.js'
import { useLocale } from '../react/localeContext.js'
import type { MessageActions } from '../react/messageActions.js'
import { canReact } from './canReact.js'
import { moreGlyph, reactGlyph, replyGlyph } from './menuGlyphs.js'
import type { OpenMenu } from './rowMenu.js'

export interface QuickToolsProps {
  readonly message: Message
  readonly actions: MessageActions
  readonly openAt: (element: Element, kind: OpenMenu['kind']) => void
}

/** What a mouse does with a message most often, without its menu. */
export function QuickTools({ message, actions, openAt }: QuickToolsProps) {
  const { messages } = useLocale()
  const { onReply } = actions
  return (
    <>
      {canReact(message, actions) && (
        <button type="button" className="rb-icon-button" tabIndex={-1} aria-haspopup="menu" aria-label={messages.react} title={messages.react} onClick={(event) => openAt(event.currentTarget, 'react')}>
          {reactGlyph}
        </button>
      )}
      {onReply !== undefined && message.ids.length > 0 && (
        <button type="button" className="rb-icon-button" tabIndex={-1} aria-label={messages.reply} title={messages.reply} onClick={() => onReply(message)}>
          {replyGlyph}
        </button>
      )}
    </>
  )
}

/** On the button of the menu. */
export function MoreGlyph() {
  return moreGlyph
}
