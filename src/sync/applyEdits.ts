/** Edits, recalls, deletions and reactions of messages that are here, inside one transaction. */
import type { Message, UserId } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import type { TransportEvent } from '../transport/index.js'
import { forgetArchived } from './archiving.js'
import type { Changes } from './changes.js'
import { findConversation, saveConversation } from './conversationRows.js'
import { erased, isErased } from './erased.js'
import { mayBecome } from './messageRows.js'
import { withReaction } from './optimistic.js'
import { putEdited, shownInstead } from './putEdited.js'
import { actionsOn, learnFrom, withoutConfirmed } from './queuedActions.js'
import { forgetContents } from './storedContents.js'

export type EditEvent = Extract<TransportEvent, { type: 'edited' | 'recalled' | 'deleted' | 'reacted' }>

/** Returns false when the message is not here: history will bring its newest form, where the event did not overtake it. */
export async function applyEdit(tx: StorageTx, me: UserId, event: EditEvent, changes: Changes): Promise<boolean> {
  const row = await tx.messages.byId(event.conversationId, event.id)
  if (!row) {
    await editLast(tx, event, changes)
    return false
  }
  if (isErased(row)) return true
  if (isForGood(event)) await forgetAbout(tx, row, changes)
  const known = await withoutConfirmed(tx, me, row, event, changes)
  await putEdited(tx, me, row, (await learnFrom(tx, me, known, event)) ?? edited(known, event), changes)
  return true
}

function isForGood(event: EditEvent): boolean {
  return event.type === 'deleted' && event.hard === true
}

/** What others said of it, and what waits to be done to it: there is nothing to do it to, and a refusal would bring back what it was. */
export async function forgetAbout(tx: StorageTx, row: Message, changes: Changes): Promise<void> {
  for (const { seq } of await actionsOn(tx, row)) await tx.outbox.delete(seq)
  changes.outbox = true
  await forgetArchived(tx, row)
  await forgetContents(tx, row)
}

/** The list of conversations may show what the back end says is last, which is not here itself. */
async function editLast(tx: StorageTx, event: EditEvent, changes: Changes): Promise<void> {
  const conversation = await findConversation(tx, event.conversationId, changes)
  const last = conversation?.lastMessage
  if (!conversation || !last?.ids.includes(event.id)) return
  const next = edited(last, event)
  if (next !== last) await saveConversation(tx, { ...conversation, lastMessage: await shownInstead(tx, next) }, changes)
}

function edited(row: Message, event: EditEvent): Message {
  switch (event.type) {
    case 'edited':
      return (row.editedAt ?? -1) >= event.time || !mayBecome(row.body, event.body) ? row : { ...row, body: event.body, editedAt: event.time }
    case 'recalled':
      return event.time < (row.recalledAt ?? Infinity) ? { ...row, recalledAt: event.time } : row
    case 'deleted':
      if (isForGood(event)) return erased(row, event.time)
      return event.time < (row.deletedAt ?? Infinity) ? { ...row, deletedAt: event.time } : row
    case 'reacted':
      return { ...row, reactions: withReaction(row, event.reaction, event.on) }
  }
}
