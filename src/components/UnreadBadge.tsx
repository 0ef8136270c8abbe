'use client'
import type { Conversation } from '../model/index.js'
import { useLocale } from '../react/localeContext.js'

/** A count above this is shown as "99+". */
const MOST_SHOWN = 99

/** How many messages of a conversation are unread. A count that is not exact bears a plus; one not known yet shows nothing, not zero. */
export function UnreadBadge({ conversation: { unread, manualUnread } }: { conversation: Conversation }) {
  const { messages, formatters } = useLocale()
  const count = unread?.count ?? 0
  if (count === 0 && !manualUnread.on) return null
  const exact = (unread?.exact ?? true) && count <= MOST_SHOWN
  const label = count === 0 ? messages.markedUnread : messages.unreadCount(Math.min(count, MOST_SHOWN), exact)
  return (
    <span className="rb-unread" data-exact={exact} data-dot={count === 0 ? '' : undefined}>
      <bdi aria-hidden="true">{count === 0 ? '' : `${formatters.number(Math.min(count, MOST_SHOWN))}${exact ? '' : '+'}`}</bdi>
      <span className="rb-sr">{label}</span>
    </span>
  )
}
