/** Who is there: devices of this tab, bots, and what other tabs say. Nothing of it is kept. */
import type { UserId } from '../../model/index.js'
import type { TransportEvent } from '../transport.js'
import { isMember, type HubState } from './hubState.js'
import { strongest, type HubTabs, type PresenceName } from './hubTabs.js'

export interface HubPresence {
  /** Presence of all who share a conversation with somebody. */
  eventsFor(userId: UserId): readonly TransportEvent[]
  /** Looks again; tells those who share a conversation when something changed. */
  look(userId: UserId, wish?: 'online' | 'unavailable'): void
  /** Says who is here, and asks other tabs who is there. */
  greet(): void
  /** Another tab said who is there. */
  heard(userIds: readonly UserId[], answer: boolean): void
}

export interface HubPresenceOptions {
  readonly peek: () => HubState
  readonly tabs: () => HubTabs
  /** Whether a device or bot of this tab stands for somebody. */
  readonly isHere: (userId: UserId) => boolean
  readonly tellHere: (to: readonly UserId[], event: TransportEvent) => void
}

export function createHubPresence({ peek, tabs, isHere, tellHere }: HubPresenceOptions): HubPresence {
  /** Who is in this tab, as they wish to be seen. */
  const here = new Map<UserId, PresenceName>()
  /** What was told last. */
  const told = new Map<UserId, PresenceName>()

  const current = (userId: UserId) => strongest([here.get(userId) ?? 'offline', tabs().elsewhere(userId)])

  function tellIfChanged(userId: UserId): void {
    const presence = current(userId)
    if (presence === (told.get(userId) ?? 'offline')) return
    told.set(userId, presence)
    tellHere([...acquaintances(peek(), userId)], { type: 'presence', userId, presence })
  }

  return {
    eventsFor: (userId) => [...acquaintances(peek(), userId)]
      .map((other) => ({ type: 'presence' as const, userId: other, presence: current(other) }))
      .filter((event) => event.presence !== 'offline'),
    look(userId, wish) {
      const before = here.get(userId)
      const now = isHere(userId) ? (wish ?? before ?? 'online') : undefined
      if (now === before) return
      if (now) here.set(userId, now)
      else here.delete(userId)
      tellIfChanged(userId)
      tabs().tellPresence(Object.fromEntries(here), false)
    },
    greet: () => tabs().tellPresence(Object.fromEntries(here), true),
    heard(userIds, answer) {
      for (const userId of userIds) tellIfChanged(userId)
      if (answer) tabs().tellPresence(Object.fromEntries(here), false)
    },
  }
}

function acquaintances(state: HubState, userId: UserId): ReadonlySet<UserId> {
  const found = new Set<UserId>()
  for (const conversation of state.conversations.values()) {
    if (!isMember(conversation, userId)) continue
    for (const other of conversation.members.keys()) if (other !== userId && isMember(conversation, other)) found.add(other)
  }
  return found
}
