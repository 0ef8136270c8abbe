/**
 * Who joined while this device was away is told to nobody by a wire that replays nothing: until it has said who is in a group, nobody knows for whom what is
 * sent from then on is.
 */
import type { StorageTx } from '../storage/index.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'

/** Whether a wire has to say who joined during an absence: a queue may have held it, and is asked where it can be. */
export function asksForRosters({ transport: { members, capabilities: { catchUp } } }: Pick<SyncContext, 'transport'>): boolean {
  return catchUp === 'none' || (catchUp === 'queue' && members !== undefined)
}

/** Ahead of all that a connection tells. Whoever joined meanwhile is in the audience of no message before. */
export async function noteUnsureRosters(tx: StorageTx, changes: Changes): Promise<void> {
  const sure = (await tx.conversations.list()).filter(({ kind, rosterComplete, rosterUpTo }) => kind === 'group' && rosterComplete && rosterUpTo === undefined)
  const unsure = sure.map((conversation) => ({ ...conversation, rosterUpTo: conversation.head }))
  if (unsure.length > 0) await tx.conversations.put(unsure)
  for (const conversation of unsure) changes.conversations.set(conversation.id, conversation)
}
