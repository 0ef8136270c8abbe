/** What the wire tells once and nothing keeps: the connection, who is typing, who is there. It ends with the connection that told it. */
import type { ConversationId, Stop, UserId } from '../model/index.js'
import { withEntry, withoutEntry } from '../store/chatStore.js'
import type { Presence, TransportEvent } from '../transport/index.js'
import type { SyncContext } from './context.js'
import type { Presences } from './tabs.js'

/** Who types says so every 3 s; who went away without a word types no more after this long, milliseconds. */
const TYPING_LIFE_MS = 10_000

export type EphemeralEvent = Extract<TransportEvent, { type: 'state' | 'typing' | 'presence' }>

export interface Ephemeral {
  show(event: EphemeralEvent): void
  /** Several at once: one change of the store. */
  showPresences(presences: Presences): void
  stop(): void
}

export function isEphemeral(event: TransportEvent): event is EphemeralEvent {
  return event.type === 'state' || event.type === 'typing' || event.type === 'presence'
}

/** @param onPresences - told of presences that came as events, those of one turn together */
export function createEphemeral({ me, store, ports }: SyncContext, onPresences: (presences: Presences) => void): Ephemeral {
  const ends = new Map<string, Stop>()
  /** Presences of this turn: a wire tells of everybody right after it connected. */
  const waiting = new Map<UserId, Presence>()

  function showTyping(conversationId: ConversationId, by: UserId, on: boolean): void {
    if (by === me) return
    const key = JSON.stringify([conversationId, by])
    ends.get(key)?.()
    ends.delete(key)
    if (on) ends.set(key, ports.clock.setTimer(() => showTyping(conversationId, by, false), TYPING_LIFE_MS))
    store.setState(({ typing }) => {
      const before = typing.get(conversationId) ?? []
      if (before.includes(by) === on) return {}
      const next = on ? [...before, by] : before.filter((id) => id !== by)
      return { typing: next.length > 0 ? withEntry(typing, conversationId, next) : withoutEntry(typing, conversationId) }
    })
  }

  function showPresences(presences: Presences): void {
    store.setState((state) => {
      const next = new Map(state.presences)
      for (const [userId, presence] of presences) {
        if (presence === 'online' || presence === 'unavailable') next.set(userId, presence)
        else next.delete(userId)
      }
      return { presences: next }
    })
  }

  function collect(userId: UserId, presence: Presence): void {
    if (waiting.size === 0) queueMicrotask(tellPresences)
    waiting.set(userId, presence)
  }

  function tellPresences(): void {
    const told = [...waiting]
    waiting.clear()
    if (told.length === 0) return
    showPresences(told)
    onPresences(told)
  }

  function forget(): void {
    for (const end of ends.values()) end()
    ends.clear()
    waiting.clear()
    const { typing, presences } = store.getState()
    if (typing.size > 0 || presences.size > 0) store.setState({ typing: new Map(), presences: new Map() })
  }

  return {
    show(event) {
      if (event.type === 'typing') return showTyping(event.conversationId, event.by, event.on)
      if (event.type === 'presence') return collect(event.userId, event.presence)
      store.setState({ connection: event.state })
      if (event.state.status !== 'online') forget()
    },
    showPresences,
    stop: forget,
  }
}
