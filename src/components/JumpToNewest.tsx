'use client'
import { forwardRef } from 'react'
import { useLocale } from '../react/localeContext.js'
import type { JumpToNewestProps } from '../react/parts.js'
import { classNames } from './classNames.js'
import { smallGlyph } from './glyph.js'

/** Brings the newest message into view; says how many came meanwhile. @public */
export const JumpToNewest = forwardRef<HTMLButtonElement, JumpToNewestProps>(function JumpToNewest({ count, onJump, className, ...rest }, ref) {
  const { messages, formatters } = useLocale()
  return (
    <button
      ref={ref}
      type="button"
      aria-label={count > 0 ? `${messages.jumpToNewest}, ${messages.newMessages(count)}` : messages.jumpToNewest}
      {...rest}
      className={classNames('rb-jump-to-newest', className)}
      data-count={count}
      onClick={onJump}
    >
      {smallGlyph('M3.5 6 8 10.5 12.5 6', 1.75)}
      {count > 0 && <span className="rb-jump-to-newest-count" aria-hidden="true">{formatters.number(count)}</span>}
    </button>
  )
})
