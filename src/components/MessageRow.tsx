'use client'
import { forwardRef, memo } from 'react'
import type { Message } from '../model/index.js'
import { isolate } from '../locales/isolate.js'
import { useLocale } from '../react/localeContext.js'
import { nameOf, useParts, type MessageRowProps } from '../react/parts.js'
import { useStatus, useTally } from '../react/readStatesContext.js'
import { useProfile } from '../react/useProfile.js'
import { Avatar } from './Avatar.js'
import { classNames, flag } from './classNames.js'
import { hueOf } from './hueOf.js'
import { MessageContent } from './MessageContent.js'
import { MessageMeta } from './MessageMeta.js'
import { NoticeRow } from './NoticeRow.js'
import { ReadBadge } from './ReadBadge.js'
import { RetryButton } from './RetryButton.js'
import { RowBoundary } from './RowBoundary.js'

export type { MessageRowProps }

/**
 * One message: its bubble, who wrote it, when, and what became of it. Also notices: system, recalled, deleted.
 * Over an app's own data it needs no client. What throws inside is contained in the row.
 *
 * Data attributes: `data-direction` (own, other), `data-kind`, `data-status`, `data-conversation`, `data-run-start`, `data-run-end`, `data-highlighted`.
 * @public
 */
export const MessageRow = memo(
  forwardRef<HTMLDivElement, MessageRowProps>(function MessageRow(props, ref) {
    const { messages } = useLocale()
    const broken = (
      <div ref={ref} className={classNames('rb-row', props.className)} data-direction={props.own ? 'own' : 'other'} data-kind="broken">
        <div className="rb-bubble">{messages.partFailed}</div>
      </div>
    )
    return (
      <RowBoundary resetKey={props.message} fallback={broken}>
        <NoticeOrBubble {...props} innerRef={ref} />
      </RowBoundary>
    )
  }),
)

function isNotice(message: Message): boolean {
  return message.body.kind === 'system' || message.recalledAt !== undefined || message.deletedAt !== undefined
}

interface InnerProps extends MessageRowProps {
  readonly innerRef: React.ForwardedRef<HTMLDivElement>
}

/** Within the boundary, because a malformed message throws here already. */
function NoticeOrBubble(props: InnerProps) {
  return isNotice(props.message) ? <NoticeRow {...props} /> : <BubbleRow {...props} />
}

function BubbleRow(props: InnerProps) {
  const { message, own, runStart, runEnd, conversationKind = 'direct', highlighted, onRetry, onView, onLinkClick, onOpenAttachment, components, className, innerRef, ...rest } = props
  const { messages } = useLocale()
  const parts = useParts(components)
  const status = useStatus(message)
  const profile = useProfile(message.from)
  const named = conversationKind === 'group' && !own
  const name = nameOf(profile)
  const AvatarPart = parts.Avatar ?? Avatar
  const picture = profile.avatarUrl === undefined ? {} : { src: profile.avatarUrl }
  const given = { message, own, ...defined({ onView, onLinkClick, onOpenAttachment }) }
  return (
    <div
      {...rest}
      ref={innerRef}
      className={classNames('rb-row', className)}
      data-direction={own ? 'own' : 'other'}
      data-kind={message.body.kind}
      data-status={status ?? undefined}
      data-conversation={conversationKind}
      data-run-start={flag(runStart)}
      data-run-end={flag(runEnd)}
      data-highlighted={flag(highlighted)}
    >
      {named && <div className="rb-row-avatar">{runEnd && <AvatarPart userId={message.from} name={name} {...picture} />}</div>}
      <div className="rb-bubble">
        {named && runStart ? (
          <span className="rb-author" data-hue={hueOf(message.from)}>
            <bdi>{name}</bdi>
          </span>
        ) : (
          <span className="rb-sr">{messages.authorSays(own ? messages.you : isolate(name))}</span>
        )}
        <RowBoundary resetKey={message} fallback={<div className="rb-text" data-fallback="">{messages.partFailed}</div>}>
          <MessageContent {...given} parts={parts} meta={<MessageMeta message={message} own={own} status={status} />} />
        </RowBoundary>
      </div>
      {own && (
        <div className="rb-row-side">
          {status === 'failed' && onRetry !== undefined ? <RetryButton message={message} onRetry={onRetry} /> : conversationKind === 'group' && <Badge message={message} Part={parts.ReadBadge ?? ReadBadge} />}
        </div>
      )}
    </div>
  )
}

/** Apart, so that a count that changes renders the badge and not the message. */
function Badge({ message, Part }: { message: Message; Part: React.ComponentType<React.ComponentProps<typeof ReadBadge>> }) {
  const tally = useTally(message)
  return tally.tracked ? <Part read={tally.read} total={tally.of} /> : <Part read={0} total={0} tracked={false} />
}

/** Without the properties that are undefined: an absent callback is not one that does nothing. */
function defined<T extends object>(properties: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as { [Key in keyof T]?: Exclude<T[Key], undefined> }
}
