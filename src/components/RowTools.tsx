'use client'
import { useContext } from 'react'
import type { Message } from '../model/index.js'
import { ListContext } from '../react/listContext.js'
import { useLocale } from '../react/localeContext.js'
import type { MessageActions } from '../react/messageActions.js'
import { LazyMoreGlyph, LazyQuickTools } from './lazyParts.js'
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
  const expanded = open !== null
  const awake = isWoken || expanded
  return (
    <div className={awake ? 'rb-tools' : 'rb-sr'} data-expanded={expanded || undefined}>
      {awake && <LazyQuickTools message={message} actions={actions} openAt={openAt} />}
      <button type="button" className="rb-icon-button" tabIndex={inList ? -1 : 0} aria-haspopup="menu" aria-expanded={expanded} aria-label={messages.messageActions} title={messages.messageActions} onClick={(event) => openAt(event.currentTarget, 'all')}>
        {awake && <LazyMoreGlyph />}
      </button>
    </div>
  )
}
