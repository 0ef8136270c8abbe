/**
 * Where messages of mine stand of which only the answer has come. An answer overtakes what others wrote before: as the newest message here it would say
 * that nothing before it is missing, and what was missed would never be fetched, nor known to be missing.
 */
import { comparePoints, type ConversationId, type Message, type Point } from '../model/index.js'

export interface SentPlaces {
  /** The earliest in a conversation. */
  get(id: ConversationId): Point | undefined
  noteAnswered(id: ConversationId, at: Point): void
  /** What comes by itself, or was fetched, comes after what was before it. */
  noteHeard(rows: Iterable<Message>): void
  forget(id: ConversationId): void
}

export function createSentPlaces(): SentPlaces {
  const places = new Map<ConversationId, Point>()
  return {
    get: (id) => places.get(id),
    noteAnswered(id, at) {
      const known = places.get(id)
      if (!known || comparePoints(at, known) < 0) places.set(id, at)
    },
    noteHeard(rows) {
      if (places.size === 0) return
      for (const { conversationId, at } of rows) {
        const known = places.get(conversationId)
        if (at && known && comparePoints(at, known) >= 0) places.delete(conversationId)
      }
    },
    forget: (id) => places.delete(id),
  }
}
