/** Reactions as chips show them: one for each emoji, in the order in which they first came. Pure. */
import { clampText } from '../model/clampText.js'
import type { Reaction, UserId } from '../model/index.js'

export interface ReactionGroup {
  readonly emoji: string
  readonly by: readonly UserId[]
  readonly mine: boolean
}

/** More kinds than this are told by a number only. */
export const MAX_REACTION_CHIPS = 12
/** The longest emoji have 14 characters or so; a wire may send anything. */
const MAX_EMOJI_CHARS = 24

/** `hidden` = kinds that found no room. Somebody who is named twice for one emoji counts once. */
export function groupReactions(reactions: readonly Reaction[], viewer: UserId | undefined): { readonly groups: readonly ReactionGroup[]; readonly hidden: number } {
  const byEmoji = new Map<string, Set<UserId>>()
  for (const { emoji, by } of reactions) {
    if (typeof emoji !== 'string' || emoji.trim() === '') continue
    const people = byEmoji.get(emoji) ?? new Set()
    byEmoji.set(emoji, people.add(by))
  }
  const groups = [...byEmoji].slice(0, MAX_REACTION_CHIPS).map(([emoji, people]) => ({ emoji, by: [...people], mine: viewer !== undefined && people.has(viewer) }))
  return { groups, hidden: byEmoji.size - groups.length }
}

/** What is drawn of an emoji that may be none. */
export const shownEmoji = (emoji: string): string => clampText(emoji, MAX_EMOJI_CHARS, 1)
