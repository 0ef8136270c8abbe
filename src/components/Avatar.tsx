'use client'
import { forwardRef, useState } from 'react'
import { isSafeMediaUrl } from '../model/safeUrl.js'
import type { AvatarProps } from '../react/parts.js'
import { classNames } from './classNames.js'
import { hueOf } from './hueOf.js'
import { initialsOf } from './initialsOf.js'

export type { AvatarProps }

/**
 * Somebody's picture, or their initials on a colour of their own. Decorative: the name stands beside it.
 * A picture that fails to load gives way to the initials.
 * @public
 */
export const Avatar = forwardRef<HTMLSpanElement, AvatarProps>(function Avatar({ userId, name = userId, src, className, ...rest }, ref) {
  const [failed, setFailed] = useState<string | null>(null)
  const picture = src !== undefined && src !== failed && isSafeMediaUrl(src) ? src : null
  return (
    <span ref={ref} aria-hidden="true" {...rest} className={classNames('rb-avatar', className)} data-hue={hueOf(userId)}>
      {picture === null ? initialsOf(name) || <PersonGlyph /> : <img src={picture} alt="" draggable={false} decoding="async" referrerPolicy="no-referrer" onError={() => setFailed(picture)} />}
    </span>
  )
})

function PersonGlyph() {
  return (
    <svg viewBox="0 0 16 16" width="1.3em" height="1.3em" fill="currentColor" aria-hidden="true">
      <path d="M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6m-5.5 5.5c0-2.6 2.4-4 5.5-4s5.5 1.4 5.5 4z" />
    </svg>
  )
}
