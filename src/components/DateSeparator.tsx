'use client'
import { forwardRef } from 'react'
import { useLocale } from '../react/localeContext.js'
import type { DateSeparatorProps } from '../react/parts.js'
import { classNames } from './classNames.js'
import { isoDay } from './isoDay.js'

/** The day of the messages below it. @public */
export const DateSeparator = forwardRef<HTMLDivElement, DateSeparatorProps>(function DateSeparator({ timeMs, nowMs, className, ...rest }, ref) {
  const { formatters } = useLocale()
  const day = formatters.day(timeMs, nowMs)
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an hr holds no text
    <div ref={ref} role="separator" aria-label={day} {...rest} className={classNames('rb-date-separator', className)}>
      <time className="rb-date-separator-label" dateTime={isoDay(timeMs)}>{day}</time>
    </div>
  )
})
