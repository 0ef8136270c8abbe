import type { Message, UserId } from '../model/index.js'
import { NO_OWN_STATE } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import { noteRow, type Changes } from './changes.js'
import { loadConversation, loadOwn, saveConversation } from './conversationRows.js'
import { lastShown } from './lastShown.js'
import { addUnread, countsAsUnread } from './unread.js'

/** Stores a changed row with what hangs on it; nothing where it is the same row. */
export async function putEdited(tx: StorageTx, me: UserId, row: Message, next: Message, changes: Changes): Promise<void> {
  if (next === row) return
  await tx.messages.put([next])
  noteRow(changes, next)
  await followAggregates(tx, me, row, next, changes)
}

async function followAggregates(tx: StorageTx, me: UserId, before: Message, after: Message, changes: Changes): Promise<void> {
  const conversation = await loadConversation(tx, after.conversationId, changes)
  const own = (await loadOwn(tx, after.conversationId, changes)) ?? NO_OWN_STATE
  const unread = addUnread(conversation.unread, countsAsUnread(after, me, own, conversation) - countsAsUnread(before, me, own, conversation))
  const last = conversation.lastMessage
  const isLast = last !== null && last.from === after.from && last.localId === after.localId
  if (unread === conversation.unread && !isLast) return
  await saveConversation(tx, { ...conversation, unread, lastMessage: isLast ? await shownInstead(tx, after) : last }, changes)
}

/** What is hidden from now on is nobody's last message. */
export async function shownInstead(tx: StorageTx, row: Message): Promise<Message | null> {
  return row.hidden ? lastShown(tx, row.conversationId) : row
}
