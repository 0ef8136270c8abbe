'use client'
import { systemClock, type Message, type MessageStatus } from '../model/index.js'
import { useOptionalClient } from '../react/clientContext.js'
import { useViewer } from '../react/listContext.js'
import { useLocale } from '../react/localeContext.js'
import { DEFAULT_QUICK_REACTIONS, type MessageActions } from '../react/messageActions.js'
import type { ChatComponents, MessageMenuProps } from '../react/parts.js'
import { canReact } from './canReact.js'
import { copyText } from './copyText.js'
import { MessageMenu } from './MessageMenu.js'
import { isDangerous, offersFor, type OfferId } from './messageOffers.js'
import { RowBoundary } from './RowBoundary.js'
import type { OpenMenu } from './rowMenu.js'

export interface RowMenuProps {
  readonly message: Message
  readonly own: boolean
  readonly status: MessageStatus | null
  readonly actions: MessageActions
  readonly onRetry: ((message: Message) => void) | undefined
  readonly open: OpenMenu
  readonly onClose: () => void
  readonly onDeleteForAll: () => void
  readonly parts: ChatComponents
}

/** The menu of a row that has it open: what is offered, and what each does. */
export function OpenRowMenu({ message, own, status, actions, onRetry, open, onClose, onDeleteForAll, parts }: RowMenuProps) {
  const { messages: words } = useLocale()
  const viewer = useViewer()
  const clock = useOptionalClient()?.ports.clock ?? systemClock
  const Menu = parts.MessageMenu ?? MessageMenu
  const does: Readonly<Record<OfferId, readonly [label: string, act: ((message: Message) => void) | undefined]>> = {
    retry: [words.retry, onRetry],
    reply: [words.reply, actions.onReply],
    copy: [words.copyText, copyMessage],
    edit: [words.edit, actions.onEdit],
    info: [words.messageInfo, actions.onInfo],
    recall: [words.recall, actions.onRecall],
    discard: [words.discard, actions.onDiscard],
    deleteForMe: [words.deleteForMe, actions.onDeleteForMe],
    deleteForAll: [words.deleteForAll, onDeleteForAll],
  }
  const offers = open.kind === 'react' ? [] : offersFor({ message, own, status, actions, canRetry: onRetry !== undefined, nowMs: clock.now() })
  const mine = (message.reactions ?? []).filter(({ by }) => by === viewer).map(({ emoji }) => emoji)
  const reactions = canReact(message, actions) ? (actions.quickReactions ?? DEFAULT_QUICK_REACTIONS) : []
  if (offers.length === 0 && reactions.length === 0) return null
  const given: MessageMenuProps = {
    message,
    own,
    entries: offers.map((id) => ({ id, label: does[id][0], danger: isDangerous(id), onSelect: () => does[id][1]?.(message) })),
    reactions,
    given: mine,
    onReact: (emoji) => actions.onReact?.(message, emoji, !mine.includes(emoji)),
    anchor: open.anchor,
    onClose,
  }
  return (
    <RowBoundary resetKey={open} fallback={<MessageMenu {...given} />}>
      <Menu {...given} />
    </RowBoundary>
  )
}

function copyMessage({ body }: Message): void {
  if (body.kind === 'text') void copyText(body.text)
}
