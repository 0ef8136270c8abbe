/** Edits, recalls, deletions and reactions of messages that are here, inside one transaction. */
import type { Message, Reaction, UserId } from '../model/index.js'
import { NO_OWN_STATE } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import type { TransportEvent } from '../transport/index.js'
import { noteRow, type Changes } from './changes.js'
import { loadConversation, loadOwn, saveConversation } from './conversationRows.js'
import { addUnread, countsAsUnread } from './unread.js'

export type EditEvent = Extract<TransportEvent, { type: 'edited' | 'recalled' | 'deleted' | 'reacted' }>

/** Returns false when the message is not here: history will bring its newest form. */
export async function applyEdit(tx: StorageTx, me: UserId, event: EditEvent, changes: Changes): Promise<boolean> {
  const row = await tx.messages.byId(event.conversationId, event.id)
  if (!row) return false
  await putEdited(tx, me, row, edited(row, event), changes)
  return true
}

/** Stores a changed row with what hangs on it; nothing where it is the same row. */
export async function putEdited(tx: StorageTx, me: UserId, row: Message, next: Message, changes: Changes): Promise<void> {
  if (next === row) return
  await tx.messages.put([next])
  noteRow(changes, next)
  await followAggregates(tx, me, row, next, changes)
}

function edited(row: Message, event: EditEvent): Message {
  switch (event.type) {
    case 'edited':
      return (row.editedAt ?? -1) >= event.time ? row : { ...row, body: event.body, editedAt: event.time }
    case 'recalled':
      return event.time < (row.recalledAt ?? Infinity) ? { ...row, recalledAt: event.time } : row
    case 'deleted':
      return event.time < (row.deletedAt ?? Infinity) ? { ...row, deletedAt: event.time } : row
    case 'reacted':
      return { ...row, reactions: withReaction(row, event.reaction, event.on) }
  }
}

export function withReaction(row: Message, reaction: Reaction, on: boolean): readonly Reaction[] {
  const others = (row.reactions ?? []).filter(({ emoji, by }) => emoji !== reaction.emoji || by !== reaction.by)
  return on ? [...others, reaction] : others
}

async function followAggregates(tx: StorageTx, me: UserId, before: Message, after: Message, changes: Changes): Promise<void> {
  const conversation = await loadConversation(tx, after.conversationId, changes)
  const own = (await loadOwn(tx, after.conversationId, changes)) ?? NO_OWN_STATE
  const unread = addUnread(conversation.unread, countsAsUnread(after, me, own) - countsAsUnread(before, me, own))
  const last = conversation.lastMessage
  const isLast = last !== null && last.from === after.from && last.localId === after.localId
  if (unread === conversation.unread && !isLast) return
  await saveConversation(tx, { ...conversation, unread, lastMessage: isLast ? after : last }, changes)
}
