/** Reading and writing of one conversation's own row within a transaction, seeing what the same transaction changed before. */
import { ChatError, type Conversation, type ConversationId, type ConversationKind } from '../model/index.js'
import type { OwnState } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import type { Changes } from './changes.js'
import { noteGuess } from './guessedKind.js'
import { withChoice } from './keptChoices.js'
import { noteUnheard } from './unheard.js'

/** A conversation nothing is known of but its id. */
export function newConversation(id: ConversationId, kind: ConversationKind): Conversation {
  return { id, kind, head: null, lastMessage: null, lastActivityAt: 0, unread: { count: 0, exact: true }, manualUnread: { rev: 0, on: false }, rosterComplete: false }
}

/** The stored row, or a new one: a message may come before its conversation. Until the wire says otherwise it is a group, whose rules claim less. */
export async function loadConversation(tx: StorageTx, id: ConversationId, changes: Changes): Promise<Conversation> {
  const known = await findConversation(tx, id, changes)
  if (known) return known
  await noteGuess(tx, id)
  return beginConversation(tx, id, 'group', changes)
}

/** One that is not here yet, with what is kept for it: the row is not stored by this. */
export async function beginConversation(tx: StorageTx, id: ConversationId, kind: ConversationKind, changes: Changes): Promise<Conversation> {
  await noteUnheard(tx, id)
  changes.unheard.add(id)
  return withChoice(tx, newConversation(id, kind), changes)
}

/** The row as this transaction has it by now; undefined where there is none. */
export async function findConversation(tx: StorageTx, id: ConversationId, { conversations, stored }: Changes): Promise<Conversation | undefined> {
  const row = conversations.get(id) ?? stored.conversations.get(id)
  if (row) return row
  const before = await tx.conversations.get(id)
  if (before) stored.conversations.set(id, before)
  return before
}

/** @throws ChatError `client/unknownConversation`: what the user does there would be shown, and mean nothing */
export async function requireConversation(tx: StorageTx, id: ConversationId, refused: string): Promise<Conversation> {
  const conversation = await tx.conversations.get(id)
  if (conversation) return conversation
  throw new ChatError('client/unknownConversation', `There is no conversation "${id}" here, so ${refused}. Call client.ensureConversation({ id, kind, members }) first, or wait until the back end has listed it.`)
}

export async function saveConversation(tx: StorageTx, conversation: Conversation, changes: Changes): Promise<void> {
  await tx.conversations.put([conversation])
  changes.conversations.set(conversation.id, conversation)
}

export async function loadOwn(tx: StorageTx, id: ConversationId, changes: Changes): Promise<OwnState | undefined> {
  if (changes.own.has(id)) return changes.own.get(id)
  if (!changes.stored.own.has(id)) changes.stored.own.set(id, await tx.readStates.getOwn(id))
  return changes.stored.own.get(id)
}

export async function saveOwn(tx: StorageTx, id: ConversationId, own: OwnState, changes: Changes): Promise<void> {
  await tx.readStates.putOwn(id, own)
  changes.own.set(id, own)
}
