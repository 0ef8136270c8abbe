'use client'
import { forwardRef } from 'react'
import { isolate } from '../locales/isolate.js'
import { useLocale } from '../react/localeContext.js'
import type { TypingIndicatorProps } from '../react/parts.js'
import { classNames, flag } from './classNames.js'

export type { TypingIndicatorProps }

/** "Ada is typing…". Keeps its height while nobody is, so that nothing jumps. @public */
export const TypingIndicator = forwardRef<HTMLDivElement, TypingIndicatorProps>(function TypingIndicator({ names, conversationKind = 'direct', className, ...rest }, ref) {
  const { messages } = useLocale()
  const active = names.length > 0
  return (
    <div ref={ref} {...rest} className={classNames('rb-typing', className)} data-active={flag(active)}>
      {active && (
        <>
          <span className="rb-typing-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <span className="rb-typing-text">{messages.typing(names.map(isolate), conversationKind === 'direct')}</span>
        </>
      )}
    </div>
  )
})
