'use client'
import { isolate } from '../locales/isolate.js'
import { clampText } from '../model/clampText.js'
import type { Locale } from '../locales/locale.js'
import { useLocale } from '../react/localeContext.js'
import { nameOf, type MessageRowProps } from '../react/parts.js'
import { useProfile } from '../react/useProfile.js'
import { classNames, flag } from './classNames.js'

interface NoticeRowProps extends MessageRowProps {
  readonly innerRef: React.ForwardedRef<HTMLDivElement>
}

/** What stands in the middle of the list: what the system says, and what is left of a message that was taken back. */
export function NoticeRow({ message, own, runStart, runEnd, conversationKind, highlighted, onRetry, onView, onLinkClick, onOpenAttachment, actions, components, className, innerRef, ...rest }: NoticeRowProps) {
  const locale = useLocale()
  const name = nameOf(useProfile(message.from))
  return (
    <div
      role="article"
      {...rest}
      ref={innerRef}
      className={classNames('rb-row', className)}
      data-direction={own ? 'own' : 'other'}
      data-kind={kindOf(message)}
      data-conversation={conversationKind}
      data-run-start={flag(runStart)}
      data-run-end={flag(runEnd)}
      data-highlighted={flag(highlighted)}
    >
      <div className="rb-notice" dir="auto">{wordsOf(message, own, name, locale)}</div>
    </div>
  )
}

function kindOf({ recalledAt, deletedAt }: MessageRowProps['message']): 'recalled' | 'deleted' | 'system' {
  if (recalledAt !== undefined) return 'recalled'
  return deletedAt !== undefined ? 'deleted' : 'system'
}

function wordsOf(message: MessageRowProps['message'], own: boolean, name: string, { messages }: Locale): string {
  if (message.recalledAt !== undefined) return own ? messages.recalledByYou : messages.recalledBy(isolate(name))
  if (message.deletedAt !== undefined) return messages.deleted
  return message.body.kind === 'system' ? clampText(message.body.text) : ''
}
