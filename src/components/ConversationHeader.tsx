'use client'
import { forwardRef } from 'react'
import type { ConversationHeaderProps } from '../react/parts.js'
import { classNames } from './classNames.js'
import { Face } from './Face.js'

export type { ConversationHeaderProps }

/** Whose conversation this is, and how it is. The second line keeps its place while it is empty. @public */
export const ConversationHeader = forwardRef<HTMLElement, ConversationHeaderProps>(function ConversationHeader({ conversationId, faceId = conversationId, title, avatarUrl, subtitle, presence = null, children, className, ...rest }, ref) {
  return (
    <header ref={ref} {...rest} className={classNames('rb-header', className)}>
      <Face userId={faceId} name={title} avatarUrl={avatarUrl} presence={presence} />
      <div className="rb-header-words">
        <h2 className="rb-header-title"><bdi>{title}</bdi></h2>
        <p className="rb-header-subtitle">{subtitle !== undefined && <bdi>{subtitle}</bdi>}</p>
      </div>
      {children}
    </header>
  )
})
