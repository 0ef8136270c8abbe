'use client'
import type { Message } from '../model/index.js'
import { useLocale } from '../react/localeContext.js'
import { Dialog } from './Dialog.js'
import { QuoteOf } from './QuoteBlock.js'

export interface ConfirmDeleteProps {
  readonly message: Message
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asked before a message is taken from everybody: it shows which one, and the way back comes first. */
export function ConfirmDelete({ message, onConfirm, onClose }: ConfirmDeleteProps) {
  const { messages } = useLocale()
  return (
    <Dialog title={messages.deleteForAllTitle} onClose={onClose} className="rb-confirm">
      <div className="rb-confirm-body">
        <QuoteOf message={message} />
        <p className="rb-confirm-hint">{messages.deleteForAllHint}</p>
        <div className="rb-confirm-buttons">
          <button type="button" className="rb-button" onClick={onClose}>{messages.cancel}</button>
          <button type="button" className="rb-button" data-danger="" onClick={() => [onClose(), onConfirm()]}>{messages.deleteForAll}</button>
        </div>
      </div>
    </Dialog>
  )
}
