'use client'
import { forwardRef, type CSSProperties, type HTMLAttributes } from 'react'
import type { MessageStatus } from '../model/message.js'
import { useReceiptPresentation, type ReceiptIcons } from '../react/receiptContext.js'
import { useClientStyle } from '../react/useClientStyle.js'
import { classNames } from './classNames.js'
import { ReceiptGlyph } from './receiptGlyphs.js'

/** @public */
export interface ReceiptIconProps extends Omit<HTMLAttributes<HTMLSpanElement>, 'children'> {
  readonly status: MessageStatus
  /** What a screen reader says. Default: the status in words of the nearest `<ChatProvider>`, else English. */
  readonly label?: string
  /** CSS pixels, or any CSS length. Default: the token `--rb-receipt-size`. */
  readonly size?: number | string
  /** Drawings to replace; goes before those of `ChatWindow` and `ChatProvider`. */
  readonly icons?: ReceiptIcons
}

/**
 * What became of an own message: clock, check, double check, blue double check, or failed.
 * Pure: needs no provider. Coloured by `--rb-receipt-<status>-color`; always of the same size, so that a receipt moves nothing.
 * @public
 */
export const ReceiptIcon = forwardRef<HTMLSpanElement, ReceiptIconProps>(function ReceiptIcon({ status, label, size, icons, className, style, ...rest }, ref) {
  const presentation = useReceiptPresentation()
  const name = label ?? presentation.labels[status]
  const sized = useClientStyle(size === undefined ? undefined : ({ '--rb-receipt-size': typeof size === 'number' ? `${size}px` : size } as CSSProperties))
  const Icon = icons?.[status] ?? presentation.icons[status]
  return (
    <span ref={ref} role="img" aria-label={name} title={name} {...rest} className={classNames('rb-receipt', className)} data-status={status} style={sized === undefined ? style : { ...style, ...sized }}>
      {Icon === undefined ? <ReceiptGlyph status={status} /> : <Icon status={status} label={name} {...(size === undefined ? {} : { size })} />}
    </span>
  )
})
