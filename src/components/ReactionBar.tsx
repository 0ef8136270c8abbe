'use client'
import { memo, useMemo } from 'react'
import { isolate } from '../locales/isolate.js'
import type { Message, UserId } from '../model/index.js'
import { useViewer } from '../react/listContext.js'
import { useLocale } from '../react/localeContext.js'
import { nameOf } from '../react/parts.js'
import { useProfiles } from '../react/useProfile.js'
import { groupReactions, shownEmoji, type ReactionGroup } from './reactionGroups.js'

/** So many names fit in a tooltip. */
const NAMES_IN_TITLE = 10

export interface ReactionBarProps {
  readonly message: Message
  readonly onReact: ((message: Message, emoji: string, on: boolean) => void) | undefined
}

/** What people answered with an emoji, under the bubble. A click adds one's own or takes it back. */
export const ReactionBar = memo(function ReactionBar({ message, onReact }: ReactionBarProps) {
  const viewer = useViewer()
  const { formatters } = useLocale()
  const { groups, hidden } = useMemo(() => groupReactions(message.reactions ?? [], viewer), [message.reactions, viewer])
  if (groups.length === 0) return null
  return (
    <div className="rb-reactions">
      {groups.map((group) => (
        <Chip key={group.emoji} group={group} onToggle={onReact && message.ids.length > 0 ? () => onReact(message, group.emoji, !group.mine) : undefined} />
      ))}
      {hidden > 0 && <span className="rb-reaction">+{formatters.number(hidden)}</span>}
    </div>
  )
})

function Chip({ group, onToggle }: { group: ReactionGroup; onToggle: (() => void) | undefined }) {
  const { messages, formatters } = useLocale()
  const { emoji, by, mine } = group
  const content = (
    <>
      <bdi className="rb-reaction-emoji">{shownEmoji(emoji)}</bdi>
      <span className="rb-reaction-count">{formatters.number(by.length)}</span>
      <span className="rb-sr"> {messages.reactionNote(by.length, mine)}</span>
    </>
  )
  const names = useNames(by)
  if (onToggle === undefined) {
    return (
      <span className="rb-reaction" data-mine={mine || undefined} title={names}>
        {content}
      </span>
    )
  }
  return (
    <button type="button" className="rb-reaction" data-mine={mine || undefined} aria-pressed={mine} title={names} onClick={onToggle}>
      {content}
    </button>
  )
}

function useNames(by: readonly UserId[]): string {
  const { formatters } = useLocale()
  const shown = useMemo(() => by.slice(0, NAMES_IN_TITLE), [by])
  const names = useProfiles(shown).map((profile) => isolate(nameOf(profile)))
  return formatters.list(by.length > shown.length ? [...names, `+${formatters.number(by.length - shown.length)}`] : names)
}
