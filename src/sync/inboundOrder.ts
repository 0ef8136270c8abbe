/** Pure: which of the events that wait are stored next. */
import type { ConversationId } from '../model/index.js'
import type { TransportEvent } from '../transport/index.js'

/** Receipts of conversations of which nothing else waits before them: no order is lost when these go first. */
export function receiptsAhead(queue: readonly TransportEvent[]): readonly TransportEvent[] {
  const behind = new Set<ConversationId | undefined>([undefined])
  return queue.filter((event) => {
    if (event.type === 'receipt') return !behind.has(event.conversationId)
    behind.add(conversationOf(event))
    return false
  })
}

function conversationOf(event: TransportEvent): ConversationId | undefined {
  try {
    if (event.type === 'message') return event.message?.conversationId
    if (event.type === 'conversation') return event.conversation?.id
    return 'conversationId' in event ? event.conversationId : undefined
  } catch {
    // A getter or a proxy of the host's own: it is dropped where it is stored, and nothing waits for it.
    return undefined
  }
}

/** What still waits after some of it was stored. */
export function withoutStored(queue: readonly TransportEvent[], stored: readonly TransportEvent[]): TransportEvent[] {
  if (stored[0] === queue[0] && stored.at(-1) === queue[stored.length - 1]) return queue.slice(stored.length)
  const gone = new Set(stored)
  return queue.filter((event) => !gone.has(event))
}
