'use client'
import { memo } from 'react'
import type { ReaderGroup } from '../locales/catalogue.js'
import type { MessageStatus } from '../model/index.js'
import { useLocale } from '../react/localeContext.js'
import { nameOf, useParts } from '../react/parts.js'
import { useProfile } from '../react/useProfile.js'
import { Avatar } from './Avatar.js'
import type { ReaderEntry } from './readerGroups.js'
import { ReceiptIcon } from './ReceiptIcon.js'

const STATUS: Readonly<Record<ReaderGroup, MessageStatus>> = { read: 'read', delivered: 'delivered', waiting: 'sent' }

interface ReaderRowProps {
  readonly entry: ReaderEntry
  /** Epoch milliseconds, to the minute. */
  readonly nowMs: number
}

/** One member: picture, name, what they said with their receipt, and when they got how far. */
export const ReaderRow = memo(function ReaderRow({ entry: { userId, group, viewed, time, content }, nowMs }: ReaderRowProps) {
  const { messages, formatters } = useLocale()
  const profile = useProfile(userId)
  const AvatarPart = useParts().Avatar ?? Avatar
  const name = nameOf(profile)
  return (
    <div className="rb-reader" data-group={group}>
      <AvatarPart userId={userId} name={name} {...(profile.avatarUrl === undefined ? {} : { src: profile.avatarUrl })} />
      <span className="rb-reader-name">
        <bdi>{name}</bdi>
        {content !== undefined && <span className="rb-reader-said"><bdi>{content}</bdi></span>}
      </span>
      {group !== 'waiting' && (
        <span className="rb-reader-when">
          {viewed && <span className="rb-reader-mark">{messages.viewedMark}</span>}
          <When time={time} nowMs={nowMs} unknown={messages.readTimeUnknown} format={formatters} />
        </span>
      )}
      <ReceiptIcon status={STATUS[group]} label={messages.readerGroups[group]} />
    </div>
  )
})

interface WhenProps {
  readonly time: number | null
  readonly nowMs: number
  readonly unknown: string
  readonly format: ReturnType<typeof useLocale>['formatters']
}

/** The time alone today; before that, the day with it. */
function When({ time, nowMs, unknown, format }: WhenProps) {
  if (time === null) return <span className="rb-reader-unknown">{unknown}</span>
  const day = format.dayOrTime(time, nowMs)
  const clock = format.time(time)
  return (
    <time dir="auto" title={format.full(time)} suppressHydrationWarning>
      {day !== clock && <span>{day}</span>} <span>{clock}</span>
    </time>
  )
}
