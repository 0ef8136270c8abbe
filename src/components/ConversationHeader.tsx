'use client'
import { forwardRef } from 'react'
import { useParts, type ConversationHeaderProps } from '../react/parts.js'
import { Avatar } from './Avatar.js'
import { classNames } from './classNames.js'

export type { ConversationHeaderProps }

/** Whose conversation this is, and how it is. The second line keeps its place while it is empty. @public */
export const ConversationHeader = forwardRef<HTMLElement, ConversationHeaderProps>(function ConversationHeader({ conversationId, faceId = conversationId, title, avatarUrl, subtitle, children, className, ...rest }, ref) {
  const AvatarPart = useParts().Avatar ?? Avatar
  return (
    <header ref={ref} {...rest} className={classNames('rb-header', className)}>
      <AvatarPart userId={faceId} name={title} {...(avatarUrl === undefined ? {} : { src: avatarUrl })} />
      <div className="rb-header-words">
        <h2 className="rb-header-title"><bdi>{title}</bdi></h2>
        <p className="rb-header-subtitle">{subtitle !== undefined && <bdi>{subtitle}</bdi>}</p>
      </div>
      {children}
    </header>
  )
})
