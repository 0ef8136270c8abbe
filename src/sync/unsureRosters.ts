/**
 * Who joined while this device was away is told to nobody by a wire that replays nothing, and a server that was restored may have forgotten who joined or left:
 * until it has said who is in a group, nobody knows for whom what is sent from then on is.
 */
import type { ConversationId } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { findConversation, saveConversation } from './conversationRows.js'
import { startOf } from './resets.js'

/** Whether a wire has to be asked who joined during an absence, and can be. */
export function asksForRosters({ transport: { members, capabilities } }: Pick<SyncContext, 'transport'>): boolean {
  return members !== undefined && capabilities.catchUp !== 'cursor'
}

/** Ahead of all that a connection tells. Whoever joined meanwhile is in the audience of no message before. */
export async function noteUnsureRosters(tx: StorageTx, changes: Changes): Promise<void> {
  const sure = (await tx.conversations.list()).filter(({ kind, rosterComplete, rosterUpTo }) => kind === 'group' && rosterComplete && rosterUpTo === undefined)
  const unsure = sure.map((conversation) => ({ ...conversation, rosterUpTo: conversation.head }))
  if (unsure.length > 0) await tx.conversations.put(unsure)
  for (const conversation of unsure) changes.conversations.set(conversation.id, conversation)
}

/** In the epoch that a server began, as far as it can be asked. */
export async function noteForgotten(tx: StorageTx, { transport }: Pick<SyncContext, 'transport'>, id: ConversationId, epoch: number, changes: Changes): Promise<void> {
  const conversation = await findConversation(tx, id, changes)
  if (transport.members && conversation?.kind === 'group' && conversation.rosterComplete) await saveConversation(tx, { rosterUpTo: startOf(epoch), ...conversation }, changes)
}
