'use client'
import { forwardRef } from 'react'
import { classNames } from './classNames.js'
import { smallGlyph } from './glyph.js'

interface BannerProps {
  readonly kind: 'info' | 'warning'
  readonly text: string | null
  readonly className: string | undefined
}

/** One line across the top. The element stays while there is nothing to say: only then do screen readers speak what comes. */
export const Banner = forwardRef<HTMLDivElement, BannerProps>(function Banner({ kind, text, className, ...rest }, ref) {
  return (
    <div ref={ref} role="status" {...rest} className={classNames('rb-banner', className)} data-kind={kind}>
      {text !== null && (
        <>
          {smallGlyph(kind === 'warning' ? 'M8 2.5 14.2 13.2H1.8zM8 6.6v3M8 11.3v.05' : 'M8 2.25a5.75 5.75 0 1 1 0 11.5a5.75 5.75 0 1 1 0-11.5M8 7.5v3.4M8 5.1v.05')}
          <span>{text}</span>
        </>
      )}
    </div>
  )
})
