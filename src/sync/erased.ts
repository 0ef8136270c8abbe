/** Pure: a message that was deleted for good. Its row stays, so that nothing that comes late brings it back and no number is missing; nothing of it is in the row. */
import type { Message } from '../model/index.js'

/** Shown and counted nowhere, its receipts stop counting, and it is in nobody's way. */
export function erased({ conversationId, from, localId, ids, at, otherPlaces, time }: Message, erasedAt: number): Message {
  const gone = { hidden: true, recalledAt: erasedAt, deletedAt: erasedAt } as const
  return { conversationId, from, localId, ids, at, ...(otherPlaces ? { otherPlaces } : {}), time, body: { kind: 'text', text: '' }, ...gone }
}

export function isErased({ hidden, recalledAt, deletedAt, body }: Message): boolean {
  return hidden === true && recalledAt !== undefined && recalledAt === deletedAt && body.kind === 'text' && body.text === ''
}
