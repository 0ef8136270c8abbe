/** Edits, recalls, deletions and reactions of messages that are here, inside one transaction. */
import type { Message, UserId } from '../model/index.js'
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
  const next = edited(row, event)
  if (next === row) return true
  await tx.messages.put([next])
  noteRow(changes, next)
  await followAggregates(tx, me, row, next, changes)
  return true
}

function edited(row: Message, event: EditEvent): Message {
  switch (event.type) {
    case 'edited':
      return (row.editedAt ?? -1) >= event.time ? row : { ...row, body: event.body, editedAt: event.time }
    case 'recalled':
      return row.recalledAt === undefined ? { ...row, recalledAt: event.time } : row
    case 'deleted':
      return row.deletedAt === undefined ? { ...row, deletedAt: event.time } : row
    case 'reacted':
      return { ...row, reactions: withReaction(row, event) }
  }
}

function withReaction(row: Message, { reaction, on }: Extract<EditEvent, { type: 'reacted' }>): NonNullable<Message['reactions']> {
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
