import type { ConversationId, Message, UserId } from '../model/index.js'
import { emptyMemberState, NO_PROGRESS_BY_KIND, type MemberState } from '../receipts/index.js'
import { joinKinds } from '../receipts/memberState.js'
import { readStatesOf } from './archiving.js'
import type { SyncContext } from './context.js'
import { hidesOthers } from './hiddenReaders.js'

/** How far everybody got with these messages: what is stored of others with what the archive says of these, and of me what was read here, or told by any of my devices: what was only cleared nobody saw. Where others are hidden, mine alone. */
export async function listMemberStates(ctx: SyncContext, conversationId: ConversationId, messages: readonly Message[]): Promise<readonly MemberState[]> {
  return ctx.storage.read(async (tx) => {
    const states = (await hidesOthers(tx, ctx, conversationId)) ? new Map<UserId, MemberState>() : await readStatesOf(tx, conversationId, messages)
    const own = await tx.readStates.getOwn(conversationId)
    if (own) states.set(ctx.me, { ...emptyMemberState(ctx.me), ...joinKinds(own.wanted, own.unpublished ?? NO_PROGRESS_BY_KIND) })
    // Of which messages something was said is asked of each, for it may be hidden.
    return [...states.values()].map(({ contents: _contents, ...state }) => state)
  })
}
