/**
 * Edits, recalls, deletions and reactions that overtook their message: they wait for it. Only in memory, since a cursor that covers them covers their message,
 * too: after a restart both come again. Where nothing overtakes, the message is missing history, and comes in its newest form; unless it is one of mine that was not
 * answered yet.
 */
import { messageKey, type Message } from '../model/index.js'
import type { EditEvent } from './applyEdits.js'

/** Beyond, the oldest is let go. */
const MOST_WAITING = 1_000

export interface EarlyEdits {
  /** Returns what was let go for it. */
  hold(event: EditEvent): EditEvent | undefined
  /** What waits for one of these messages, in the order in which it came. */
  waitingFor(rows: Iterable<Message>): readonly EditEvent[]
  forget(events: readonly EditEvent[]): void
}

export function createEarlyEdits(): EarlyEdits {
  const waiting = new Set<EditEvent>()
  return {
    hold(event) {
      const [oldest] = waiting
      waiting.add(event)
      if (!oldest || waiting.size <= MOST_WAITING) return undefined
      waiting.delete(oldest)
      return oldest
    },
    waitingFor(rows) {
      if (waiting.size === 0) return []
      const here = new Set<string>()
      for (const { conversationId, ids } of rows) for (const id of ids) here.add(keyOf(conversationId, id))
      return [...waiting].filter((event) => here.has(keyOf(event.conversationId, event.id)))
    },
    forget(events) {
      for (const event of events) waiting.delete(event)
    },
  }
}

const keyOf = (conversationId: string, localId: string) => messageKey({ conversationId, from: '', localId })
