'use client'
import type { ConversationId, Member } from '../model/index.js'
import { useClient } from './clientContext.js'
import { useLocale } from './localeContext.js'
import { nameOf } from './parts.js'
import type { ConversationFacts } from './useConversationFacts.js'
import { useMembers } from './useMembers.js'
import { useProfiles } from './useProfile.js'

/** Most names that make a title. */
const NAMES_IN_TITLE = 4

export interface ConversationFace {
  readonly title: string
  readonly avatarUrl: string | undefined
  /** Whose colour it bears: the other person's in a direct conversation, else its own. */
  readonly faceId: string
  /** Everybody who is or was in it; null until known. */
  readonly roster: readonly Member[] | null
  /** Null until known. */
  readonly memberCount: number | null
  /** I own the group, or am one of its admins. */
  readonly leads: boolean
  /** I was a member and am none any more; false while nobody knows. */
  readonly isRemoved: boolean
}

/** Title and picture of a conversation: its own, else those of the people in it other than me. */
export function useConversationFace(id: ConversationId, conversation: ConversationFacts | null): ConversationFace {
  const client = useClient('useConversationFace()')
  const { messages, formatters } = useLocale()
  const roster = useMembers(id)
  const members = roster?.filter(isMember) ?? null
  const others = roster?.filter(({ userId }) => userId !== client.userId) ?? []
  const there = others.filter(isMember)
  const isDirect = conversation?.kind === 'direct'
  // A direct conversation stays one with whom it was, also once they have left.
  const shown = isDirect && there.length === 0 ? others : there
  const profiles = useProfiles(shown.slice(0, NAMES_IN_TITLE).map(({ userId }) => userId))
  const peer = isDirect ? profiles[0] : undefined
  const names = profiles.length === 0 ? '' : formatters.list(profiles.map(nameOf))
  return {
    title: conversation?.title?.trim() || names || messages.untitledConversation,
    avatarUrl: conversation?.avatarUrl ?? peer?.avatarUrl,
    faceId: peer?.userId ?? id,
    roster,
    memberCount: members?.length ?? null,
    leads: conversation?.kind === 'group' && (members?.some(({ userId, role }) => userId === client.userId && role !== 'member') ?? false),
    isRemoved: roster?.some((member) => member.userId === client.userId && !isMember(member)) ?? false,
  }
}

function isMember({ intervals }: Member): boolean {
  return intervals.length === 0 || intervals.at(-1)?.leftAt === null
}
