'use client'
import { forwardRef, useId, useImperativeHandle, type DialogHTMLAttributes, type ReactNode } from 'react'
import { useLocale } from '../react/localeContext.js'
import { classNames } from './classNames.js'
import { smallGlyph } from './glyph.js'
import { useModal } from './useModal.js'

export interface DialogProps extends DialogHTMLAttributes<HTMLDialogElement> {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/**
 * A modal dialog, open while it is mounted: the browser's own, so that the rest of the page is inert and nothing under it counts as read.
 * Escape, the button and a press beside it close it; the focus then goes back to where it was.
 */
export const Dialog = forwardRef<HTMLDialogElement, DialogProps>(function Dialog({ title, onClose, children, className, ...rest }, ref) {
  const { messages } = useLocale()
  const titleId = useId()
  const own = useModal(onClose)
  useImperativeHandle(ref, () => own.current as HTMLDialogElement, [own])
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- Escape is the key
    <dialog
      ref={own}
      {...rest}
      className={classNames('rb-dialog', className)}
      aria-labelledby={titleId}
      onClick={(event) => event.target === own.current && onClose()}
    >
      <div className="rb-dialog-box">
        <header className="rb-dialog-header">
          <h2 id={titleId} tabIndex={-1} data-first="" className="rb-dialog-title">{title}</h2>
          <button type="button" className="rb-icon-button" aria-label={messages.close} title={messages.close} onClick={onClose}>
            {smallGlyph('M4 4l8 8M12 4l-8 8', 1.75)}
          </button>
        </header>
        {children}
      </div>
    </dialog>
  )
})
