/** Who is in a group, as the wire says when it is asked. An answer takes a while, so who leaves, or comes back, meanwhile is known better. */
import { ChatError, type Conversation, type ConversationId, type Member, type UserId } from '../model/index.js'
import { sameData } from '../model/sameData.js'
import type { StorageTx } from '../storage/index.js'
import type { ChatStoreState } from '../store/chatStore.js'
import type { IncomingConversation } from '../transport/index.js'
import { answered } from './answered.js'
import { applyRoster, isEarlier } from './applyConversations.js'
import type { SyncContext } from './context.js'
import { findEnsured } from './ensure.js'
import { isMember } from './eventShape.js'
import type { Inbound } from './inbound.js'
import { pagesOf } from './pagesOf.js'

/**
 * Where a back end names members to nobody, or not to me, what is known of them stays, and is all of them where the app named them.
 * @param isCurrent - false once a later connection asks
 * @throws ChatError what can be asked for again
 */
export async function pullRoster(ctx: SyncContext, inbound: Inbound, conversation: Conversation, isCurrent: () => boolean): Promise<void> {
  try {
    await pullMembers(ctx, inbound, conversation, isCurrent)
  } catch (cause) {
    if (!(cause instanceof ChatError) || cause.retryable) throw cause
    ctx.onDropped(`catchUp/${cause.code}`, conversation.id)
    await goOnWithoutAny(ctx, inbound, conversation.id)
  }
}

/** Of groups of which it is not known any more who is in them. What the wire cannot say now the next connect asks for. */
export async function pullUnsureRosters(ctx: SyncContext, inbound: Inbound, isCurrent: () => boolean): Promise<void> {
  const all = await ctx.storage.read((tx) => tx.conversations.list())
  for (const each of all) if (each.rosterUpTo !== undefined) await pullRoster(ctx, inbound, each, isCurrent)
}

/** With what is known of members who left, or came back, since the list was asked for. */
export async function withNews({ storage, store }: SyncContext, conversation: IncomingConversation, before: ChatStoreState['rosters']): Promise<IncomingConversation> {
  const { id, members } = (conversation ?? {}) as Partial<IncomingConversation>
  if (id === undefined || !Array.isArray(members) || store.getState().rosters.get(id) === before.get(id)) return conversation
  const known = await storage.read((tx) => membersIn(tx, id))
  return { ...conversation, members: members.filter((told) => !isOvertaken(told, known.get(told?.userId))) }
}

/** Where a wire names conversations without their members, and gives these when asked: until they are known no receipt in it can be counted. */
async function pullMembers(ctx: SyncContext, inbound: Inbound, { id, rosterComplete, rosterUpTo }: Conversation, isCurrent: () => boolean): Promise<void> {
  const { transport } = ctx
  if (!transport.members) return rosterComplete && rosterUpTo !== undefined && isCurrent() ? goOnWithoutAny(ctx, inbound, id) : undefined
  const before = await ctx.storage.read((tx) => membersIn(tx, id))
  const roster: Member[] = []
  for await (const items of pagesOf((page) => answered(ctx, transport.members!(id, page)))) roster.push(...items)
  await inbound.idle()
  const isNews = (later: Member | undefined) => !sameData(later, later && before.get(later.userId))
  await inbound.store([], async (tx, changes) => {
    if (!isCurrent()) return
    // Many pages take a while: who left, or came back, meanwhile is known better.
    const now = await membersIn(tx, id)
    const members = roster.filter((told) => !isNews(now.get(told?.userId)) || !isOvertaken(told, now.get(told?.userId)))
    await applyRoster(tx, ctx, id, members, changes)
  })
}

async function goOnWithoutAny(ctx: SyncContext, inbound: Inbound, id: ConversationId): Promise<void> {
  if (await ctx.storage.read((tx) => findEnsured(tx, id))) await inbound.store([], (tx, changes) => applyRoster(tx, ctx, id, [], changes))
}

async function membersIn(tx: StorageTx, id: ConversationId): Promise<ReadonlyMap<UserId, Member>> {
  return new Map((await tx.members.list(id)).map((member) => [member.userId, member]))
}

function isOvertaken(told: Member, later: Member | undefined): boolean {
  return later !== undefined && isMember(told) && isEarlier(told, later)
}
