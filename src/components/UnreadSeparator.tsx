'use client'
import { forwardRef } from 'react'
import { useLocale } from '../react/localeContext.js'
import type { UnreadSeparatorProps } from '../react/parts.js'
import { classNames } from './classNames.js'

/** The line above the first message that was unread when the conversation was opened. @public */
export const UnreadSeparator = forwardRef<HTMLDivElement, UnreadSeparatorProps>(function UnreadSeparator({ className, ...rest }, ref) {
  const { messages } = useLocale()
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an hr holds no text
    <div ref={ref} role="separator" aria-label={messages.unreadSeparator} {...rest} className={classNames('rb-unread-separator', className)}>
      <span className="rb-unread-separator-label">{messages.unreadSeparator}</span>
    </div>
  )
})
