'use client'
import { memo, useContext } from 'react'
import { ListContext } from '../react/listContext.js'
import { useLocale } from '../react/localeContext.js'
import { moreGlyph, reactGlyph, replyGlyph } from './menuGlyphs.js'
import type { OpenMenu } from './useRowMenu.js'

interface RowToolsProps {
  /** Somebody is at the row: until then it has one button, which only assistive technology finds. */
  readonly awake: boolean
  readonly expanded: boolean
  readonly onMenu: (button: Element, kind: OpenMenu['kind']) => void
  readonly onReply: (() => void) | undefined
  readonly reacts: boolean
}

/**
 * Buttons that a mouse finds beside the bubble. They float, so that showing them moves nothing. In a list, keys open the menu from the row
 * itself; on a row that stands alone Tab reaches the last button, whose menu has what the others do.
 */
export const RowTools = memo(function RowTools({ awake, expanded, onMenu, onReply, reacts }: RowToolsProps) {
  const { messages } = useLocale()
  const inList = useContext(ListContext) !== null
  return (
    <div className={awake ? 'rb-tools' : 'rb-sr'} data-expanded={expanded || undefined}>
      {awake && reacts && (
        <button type="button" className="rb-icon-button" tabIndex={-1} aria-haspopup="menu" aria-label={messages.react} title={messages.react} onClick={(event) => onMenu(event.currentTarget, 'react')}>
          {reactGlyph}
        </button>
      )}
      {awake && onReply !== undefined && (
        <button type="button" className="rb-icon-button" tabIndex={-1} aria-label={messages.reply} title={messages.reply} onClick={onReply}>
          {replyGlyph}
        </button>
      )}
      <button type="button" className="rb-icon-button" tabIndex={inList ? -1 : 0} aria-haspopup="menu" aria-expanded={expanded} aria-label={messages.messageActions} title={messages.messageActions} onClick={(event) => onMenu(event.currentTarget, 'all')}>
        {awake && moreGlyph}
      </button>
    </div>
  )
})
