'use client'
import { useContext } from 'react'
import type { Message } from '../model/index.js'
import { ListContext } from '../react/listContext.js'
import { useLocale } from '../react/localeContext.js'
import type { MessageActions } from '../react/messageActions.js'
import { canReact } from './canReact.js'
import { moreGlyph, reactGlyph, replyGlyph } from './menuGlyphs.js'
import type { RowMenu } from './useRowMenu.js'

interface RowToolsProps {
  readonly message: Message
  readonly actions: MessageActions
  /** Somebody is at the row: until then it has one button, which only assistive technology finds. */
  readonly awake: boolean
  readonly menu: RowMenu
}

/**
 * Buttons that a mouse finds beside the bubble. They float, so that showing them moves nothing. In a list, keys open the menu from the row
 * itself; on a row that stands alone Tab reaches the last button, whose menu has what the others do.
 */
export function RowTools({ message, actions, awake: isWoken, menu: { open, openAt } }: RowToolsProps) {
  const { messages } = useLocale()
  const inList = useContext(ListContext) !== null
  const { onReply } = actions
  const expanded = open !== null
  const awake = isWoken || expanded
  return (
    <div className={awake ? 'rb-tools' : 'rb-sr'} data-expanded={expanded || undefined}>
      {awake && canReact(message, actions) && (
        <button type="button" className="rb-icon-button" tabIndex={-1} aria-haspopup="menu" aria-label={messages.react} title={messages.react} onClick={(event) => openAt(event.currentTarget, 'react')}>
          {reactGlyph}
        </button>
      )}
      {awake && onReply !== undefined && message.ids.length > 0 && (
        <button type="button" className="rb-icon-button" tabIndex={-1} aria-label={messages.reply} title={messages.reply} onClick={() => onReply(message)}>
          {replyGlyph}
        </button>
      )}
      <button type="button" className="rb-icon-button" tabIndex={inList ? -1 : 0} aria-haspopup="menu" aria-expanded={expanded} aria-label={messages.messageActions} title={messages.messageActions} onClick={(event) => openAt(event.currentTarget, 'all')}>
        {awake && moreGlyph}
      </button>
    </div>
  )
}
