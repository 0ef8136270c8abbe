'use client'
import { forwardRef, type HTMLAttributes } from 'react'
import type { MessageStatus } from '../model/message.js'
import { useReceiptPresentation, type ReceiptIcons, type ReceiptIconSlotProps } from '../react/receiptContext.js'
import { classNames } from './classNames.js'

/** @public */
export interface StatusTextProps extends Omit<HTMLAttributes<HTMLSpanElement>, 'children'> {
  readonly status: MessageStatus
  /** Default: the status in words of the nearest `<ChatProvider>`, else English. */
  readonly label?: string
}

/** A status in words: "Read", "已读". @public */
export const StatusText = forwardRef<HTMLSpanElement, StatusTextProps>(function StatusText({ status, label, className, ...rest }, ref) {
  const { labels } = useReceiptPresentation()
  return (
    <span ref={ref} {...rest} className={classNames('rb-status-text', className)} data-status={status}>
      {label ?? labels[status]}
    </span>
  )
})

function TextIcon({ status, label }: ReceiptIconSlotProps) {
  return <StatusText status={status} label={label} />
}

/**
 * Receipts as words instead of drawings: `<ChatProvider icons={textIcons}>`. Their width is `--rb-receipt-text-size`.
 * Take all five: a word among drawings has another width, and a message would grow when it is read.
 * @public */
export const textIcons: ReceiptIcons = Object.freeze({ sending: TextIcon, sent: TextIcon, delivered: TextIcon, read: TextIcon, failed: TextIcon })
