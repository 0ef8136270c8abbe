'use client'
import type { Message, MessageStatus } from '../model/index.js'
import { useLocale } from '../react/localeContext.js'
import { useTheme } from '../react/themeContext.js'
import { ReceiptIcon } from './ReceiptIcon.js'

interface MessageMetaProps {
  readonly message: Message
  readonly own: boolean
  readonly status: MessageStatus | null
}

/** When it was written, whether it was edited, and its receipt. The receipt's place is kept while there is none, so that it moves nothing when it comes. */
export function MessageMeta({ message, own, status }: MessageMetaProps) {
  const { messages, formatters } = useLocale()
  const { dir } = useTheme()
  return (
    <span className="rb-meta">
      {/* The outer element takes the direction of the text that it ends, the inner one that of the interface. */}
      <span className="rb-meta-words" dir={dir}>
        {message.editedAt !== undefined && <span>{messages.edited}</span>}
        <time dir="auto" dateTime={isoTime(message.time)} title={formatters.full(message.time)} suppressHydrationWarning>
          {formatters.time(message.time)}
        </time>
        {own && (status === null ? <ReceiptPlace /> : <ReceiptIcon status={status} {...(message.failure === undefined ? {} : { title: message.failure.message })} />)}
      </span>
    </span>
  )
}

/** As wide as the receipt that will come, be it a drawing or a word. */
function ReceiptPlace() {
  return <ReceiptIcon status="sent" role="presentation" aria-hidden="true" aria-label={undefined} title={undefined} data-empty="" />
}

/** Undefined for times that no calendar has. */
function isoTime(atMs: number): string | undefined {
  return Number.isFinite(atMs) && Math.abs(atMs) <= 8.64e15 ? new Date(atMs).toISOString() : undefined
}
