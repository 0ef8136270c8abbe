'use client'
import type { PointerEvent } from 'react'
import type { Message } from '../model/index.js'
import { useLocale } from '../react/localeContext.js'
import { useStatus } from '../react/readStatesContext.js'
import { useTheme } from '../react/themeContext.js'
import { ReceiptIcon } from './ReceiptIcon.js'

interface MessageMetaProps {
  readonly message: Message
  readonly own: boolean
}

/** When it was written, whether it was edited, and its receipt. */
export function MessageMeta({ message, own }: MessageMetaProps) {
  const { messages, formatters } = useLocale()
  const { dir } = useTheme()
  // Written when somebody points at it: the words of a whole date cost more than the rest of the row.
  const explain = ({ currentTarget }: PointerEvent<HTMLElement>) => {
    currentTarget.title = formatters.full(message.time)
  }
  return (
    <span className="rb-meta">
      {/* The outer element takes the direction of the text that it ends, the inner one that of the interface. */}
      <span className="rb-meta-words" dir={dir}>
        {message.editedAt !== undefined && <span>{messages.edited}</span>}
        <time dir="auto" dateTime={isoTime(message.time)} onPointerEnter={explain} suppressHydrationWarning>
          {formatters.time(message.time)}
        </time>
        {own && <OwnReceipt message={message} />}
      </span>
    </span>
  )
}

/** Apart, so that a receipt renders its icon and not the message. Its place is kept while there is none, so that it moves nothing when it comes. */
function OwnReceipt({ message }: { message: Message }) {
  const status = useStatus(message)
  return status === null ? <ReceiptPlace /> : <ReceiptIcon status={status} {...(message.failure === undefined ? {} : { title: message.failure.message })} />
}

/** As wide as the receipt that will come, be it a drawing or a word. */
function ReceiptPlace() {
  return <ReceiptIcon status="sent" role="presentation" aria-hidden="true" aria-label={undefined} title={undefined} data-empty="" />
}

/** Undefined for times that no calendar has. */
function isoTime(atMs: number): string | undefined {
  return Number.isFinite(atMs) && Math.abs(atMs) <= 8.64e15 ? new Date(atMs).toISOString() : undefined
}
