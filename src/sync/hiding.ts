/** Deleting for me: the row stays, so that a repeat from the wire does not bring it back, but nothing shows or counts it. */
import { messageKey, type Conversation, type ConversationId, type Message, type MessageId, type UserId } from '../model/index.js'
import { NO_OWN_STATE } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import { createChanges, noteRow, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { loadConversation, loadOwn, saveConversation } from './conversationRows.js'
import { laterMessage } from './messageRows.js'
import { addUnread, countsAsUnread } from './unread.js'

/** Rows looked at, from the newest, for one that may stand as the last message. */
const LAST_SHOWN_ROWS = 50

export async function hideMessage(ctx: SyncContext, conversationId: ConversationId, id: MessageId): Promise<Changes> {
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    const row = await tx.messages.byId(conversationId, id)
    if (!row || row.hidden) return changes
    await putHidden(tx, ctx.me, row, { ...row, hidden: true }, changes)
    return changes
  }, { durability: 'strict' })
}

/** Stores a row that is hidden from now on, with what hangs on it. */
export async function putHidden(tx: StorageTx, me: UserId, row: Message, hidden: Message, changes: Changes): Promise<void> {
  await tx.messages.put([hidden])
  noteRow(changes, hidden)
  await followAggregates(tx, me, row, hidden, changes)
}

async function followAggregates(tx: StorageTx, me: UserId, row: Message, hidden: Message, changes: Changes): Promise<void> {
  const conversation: Conversation = await loadConversation(tx, row.conversationId, changes)
  const own = (await loadOwn(tx, row.conversationId, changes)) ?? NO_OWN_STATE
  const unread = addUnread(conversation.unread, countsAsUnread(hidden, me, own, conversation) - countsAsUnread(row, me, own, conversation))
  const wasLast = conversation.lastMessage !== null && messageKey(conversation.lastMessage) === messageKey(row)
  if (unread === conversation.unread && !wasLast) return
  await saveConversation(tx, { ...conversation, unread, lastMessage: wasLast ? await lastShown(tx, row.conversationId) : conversation.lastMessage }, changes)
}

/** What the list of conversations says is last: of what is here and shown. */
export async function lastShown(tx: StorageTx, conversationId: ConversationId): Promise<Message | null> {
  const rows = [...(await tx.messages.page({ conversationId, limit: LAST_SHOWN_ROWS })), ...(await tx.messages.echoes(conversationId))]
  return rows.filter(({ hidden }) => !hidden).reduce<Message | null>((last, row) => laterMessage(last, row), null)
}
