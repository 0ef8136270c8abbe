/** Deleting for me: the row stays, so that a repeat from the wire does not bring it back, but nothing shows or counts it. */
import type { ConversationId, Message, MessageId } from '../model/index.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { discardActions } from './failedActions.js'
import { putEdited } from './putEdited.js'

export async function hideMessage(ctx: SyncContext, conversationId: ConversationId, id: MessageId): Promise<Changes> {
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    const row = await tx.messages.byId(conversationId, id)
    if (!row || row.hidden) return changes
    // What failed of it nobody could see any more, to try it again or to let it go.
    await discardActions(tx, ctx, conversationId, row.localId, changes)
    const { failure: _failure, ...whole } = row
    await putEdited(tx, ctx.me, row, { ...whole, hidden: true }, changes)
    return changes
  }, { durability: 'strict' })
}

/** What a file says of it: where it stands, so that it stays deleted and in the way of what it was, and nothing of what it said. */
export function wordless({ conversationId, from, localId, ids, at, otherPlaces, time, body, recalledAt, deletedAt }: Message): Message {
  return {
    conversationId, from, localId, ids, at, ...(otherPlaces ? { otherPlaces } : {}), time, body: { kind: body.kind === 'system' ? 'system' : 'text', text: '' },
    ...(recalledAt === undefined ? {} : { recalledAt }), ...(deletedAt === undefined ? {} : { deletedAt }), hidden: true,
  }
}
