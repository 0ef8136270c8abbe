/** Edits, recalls, deletions and reactions of messages that are here, inside one transaction. */
import type { Message, UserId } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import type { TransportEvent } from '../transport/index.js'
import type { Changes } from './changes.js'
import { findConversation, saveConversation } from './conversationRows.js'
import { mayBecome } from './messageRows.js'
import { withReaction } from './optimistic.js'
import { putEdited } from './putEdited.js'
import { learnFrom } from './queuedActions.js'

export type EditEvent = Extract<TransportEvent, { type: 'edited' | 'recalled' | 'deleted' | 'reacted' }>

/** Returns false when the message is not here: history will bring its newest form, where the event did not overtake it. */
export async function applyEdit(tx: StorageTx, me: UserId, event: EditEvent, changes: Changes): Promise<boolean> {
  const row = await tx.messages.byId(event.conversationId, event.id)
  if (!row) {
    await editLast(tx, event, changes)
    return false
  }
  await putEdited(tx, me, row, (await learnFrom(tx, me, row, event)) ?? edited(row, event), changes)
  return true
}

/** The list of conversations may show what the back end says is last, which is not here itself. */
async function editLast(tx: StorageTx, event: EditEvent, changes: Changes): Promise<void> {
  const conversation = await findConversation(tx, event.conversationId, changes)
  const last = conversation?.lastMessage
  if (!conversation || !last?.ids.includes(event.id)) return
  const next = edited(last, event)
  if (next !== last) await saveConversation(tx, { ...conversation, lastMessage: next }, changes)
}

function edited(row: Message, event: EditEvent): Message {
  switch (event.type) {
    case 'edited':
      return (row.editedAt ?? -1) >= event.time || !mayBecome(row.body, event.body) ? row : { ...row, body: event.body, editedAt: event.time }
    case 'recalled':
      return event.time < (row.recalledAt ?? Infinity) ? { ...row, recalledAt: event.time } : row
    case 'deleted':
      return event.time < (row.deletedAt ?? Infinity) ? { ...row, deletedAt: event.time } : row
    case 'reacted':
      return { ...row, reactions: withReaction(row, event.reaction, event.on) }
  }
}
