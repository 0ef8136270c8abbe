'use client'
import { useContext, useReducer, useState, type ComponentType, type ForwardedRef } from 'react'
import { isolate } from '../locales/isolate.js'
import type { Message } from '../model/index.js'
import { ListContext } from '../react/listContext.js'
import { useLocale } from '../react/localeContext.js'
import type { MessageActions } from '../react/messageActions.js'
import { nameOf, useParts, type MessageRowProps, type ReadBadgeProps } from '../react/parts.js'
import { useOwnStatus, useTally } from '../react/readStatesContext.js'
import { useProfile } from '../react/useProfile.js'
import { Avatar } from './Avatar.js'
import { classNames, flag } from './classNames.js'
import { hueOf } from './hueOf.js'
import { MessageContent } from './MessageContent.js'
import { useRowParts } from './lazyBesideEngine.js'
import { LazyConfirmDelete, LazyRowMenu } from './lazyParts.js'
import { ReadBadge } from './ReadBadge.js'
import { RetryButton } from './RetryButton.js'
import { RowBoundary } from './RowBoundary.js'
import { RowTools } from './RowTools.js'
import { useRowMenu } from './useRowMenu.js'

interface BubbleRowProps extends MessageRowProps {
  readonly innerRef: ForwardedRef<HTMLDivElement>
}

/** A message that says something: picture, bubble, reactions, and at its side what became of it. */
export function BubbleRow(props: BubbleRowProps) {
  const { message, own, runStart, runEnd, conversationKind = 'direct', highlighted, onRetry, onView, onLinkClick, onOpenAttachment, actions, components, className, innerRef, ...rest } = props
  const { messages } = useLocale()
  const parts = useParts(components)
  const { QuoteBlock, ReactionBar } = useRowParts()
  const status = useOwnStatus(message, own)
  const profile = useProfile(message.from)
  const menu = useRowMenu()
  const inList = useContext(ListContext) !== null
  /** Somebody is at this row: its buttons are there. Rows that nobody comes to have none. */
  const [awake, wake] = useReducer(() => true, !inList)
  const [deleting, setDeleting] = useState(false)
  // When the menu has closed and given the focus back, so that the question gives it back to the same place.
  const askToDelete = () => void Promise.resolve().then(() => setDeleting(true))
  const named = conversationKind === 'group' && !own
  const name = nameOf(profile)
  const AvatarPart = parts.Avatar ?? Avatar
  const picture = profile.avatarUrl === undefined ? {} : { src: profile.avatarUrl }
  return (
    <div
      role="article"
      {...rest}
      {...(actions && menu.handlers)}
      {...(actions && !awake && { onFocus: wake, onPointerEnter: ({ pointerType }) => pointerType !== 'touch' && wake() })}
      ref={innerRef}
      className={classNames('rb-row', className)}
      data-direction={own ? 'own' : 'other'}
      data-kind={message.body.kind}
      data-status={status ?? undefined}
      data-conversation={conversationKind}
      data-run-start={flag(runStart)}
      data-run-end={flag(runEnd)}
      data-highlighted={flag(highlighted)}
      data-actions={flag(actions !== undefined)}
      data-menu-open={flag(menu.open !== null)}
    >
      {named && <div className="rb-row-avatar">{runEnd && <AvatarPart userId={message.from} name={name} {...picture} />}</div>}
      <div className="rb-row-column">
        <div className="rb-bubble">
          {named && runStart ? (
            <span className="rb-author" data-hue={hueOf(message.from)}>
              <bdi>{name}</bdi>
            </span>
          ) : (
            <span className="rb-sr">{messages.authorSays(own ? messages.you : isolate(name))}</span>
          )}
          {message.replyTo !== undefined && (
            // What is quoted may be broken where what quotes it is not.
            <RowBoundary resetKey={message} fallback={null}>
              <QuoteBlock conversationId={message.conversationId} id={message.replyTo} />
            </RowBoundary>
          )}
          <RowBoundary resetKey={message} fallback={BROKEN}>
            <MessageContent message={message} own={own} parts={parts} onView={onView} onLinkClick={onLinkClick} onOpenAttachment={onOpenAttachment} />
          </RowBoundary>
        </div>
        {message.reactions !== undefined && (
          <RowBoundary resetKey={message} fallback={null}>
            <ReactionBar message={message} onReact={actions?.onReact} />
          </RowBoundary>
        )}
        {actions !== undefined && <RowTools message={message} actions={actions} awake={awake} menu={menu} />}
      </div>
      {own && (
        <div className="rb-row-side">
          {(status === 'failed' || message.failure !== undefined) && onRetry !== undefined ? <RetryButton message={message} onRetry={onRetry} /> : conversationKind === 'group' && <Badge message={message} onInfo={actions?.onInfo} Part={parts.ReadBadge ?? ReadBadge} />}
        </div>
      )}
      {actions !== undefined && menu.open !== null && (
        <LazyRowMenu message={message} own={own} status={status} actions={actions} onRetry={onRetry} open={menu.open} onClose={menu.close} onDeleteForAll={askToDelete} parts={parts} />
      )}
      {deleting && <LazyConfirmDelete message={message} onClose={() => setDeleting(false)} onConfirm={() => actions?.onDeleteForAll?.(message)} />}
    </div>
  )
}

function BrokenBody() {
  const { messages } = useLocale()
  return <div className="rb-text" data-fallback="">{messages.partFailed}</div>
}

/** Stands where a message, or what it says, threw. */
export const BROKEN = <BrokenBody />

/** Apart, so that a count that changes renders the badge and not the message. */
function Badge({ message, onInfo, Part }: { message: Message; onInfo: MessageActions['onInfo']; Part: ComponentType<ReadBadgeProps> }) {
  const tally = useTally(message)
  return tally.tracked ? <Part read={tally.read} total={tally.of} {...(onInfo && { onOpen: () => onInfo(message) })} /> : <Part read={0} total={0} tracked={false} />
}
