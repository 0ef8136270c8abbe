import type { ConversationId, Message, UserId } from '../model/index.js'
import { emptyMemberState, type MemberState } from '../receipts/index.js'
import { readStatesOf } from './archiving.js'
import type { SyncContext } from './context.js'
import { hidesOthers } from './hiddenReaders.js'
import { readHere } from './readHere.js'

/** How far everybody got with these messages: what is stored of others with what the archive says of these, and of me what was read here, or told by any of my devices. Where others are hidden, mine alone. */
export async function listMemberStates(ctx: SyncContext, conversationId: ConversationId, messages: readonly Message[]): Promise<readonly MemberState[]> {
  return ctx.storage.read(async (tx) => {
    const states = (await hidesOthers(tx, ctx, conversationId)) ? new Map<UserId, MemberState>() : await readStatesOf(tx, conversationId, messages)
    const own = await tx.readStates.getOwn(conversationId)
    if (own) states.set(ctx.me, { ...emptyMemberState(ctx.me), ...readHere(own) })
    // Of which messages something was said is asked of each, for it may be hidden.
    return [...states.values()].map(({ contents: _contents, ...state }) => state)
  })
}
