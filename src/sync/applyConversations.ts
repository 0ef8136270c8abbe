/** Conversations and members as the wire tells them, inside one transaction. */
import { maxPoint, type ConversationId, type Member, type MembershipInterval } from '../model/index.js'
import { samePoint } from '../model/samePoint.js'
import { isMemberNow } from '../receipts/groupLimit.js'
import type { StorageTx } from '../storage/index.js'
import type { IncomingConversation, IncomingMessage, TransportEvent } from '../transport/index.js'
import { whyMalformed } from './applyMessages.js'
import { applyHeld, receiptRules } from './applyReceipts.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { beginConversation, findConversation, loadConversation, saveConversation } from './conversationRows.js'
import { followJoined } from './followJoined.js'
import { recountUnread } from './gapRows.js'
import { endGuess } from './guessedKind.js'
import { takenOverFloors } from './keptChoices.js'
import { lowerFloor } from './keptFloors.js'
import { rowFrom } from './messageRows.js'
import { noteTold } from './neverCame.js'
import { newestEpoch, noteReset } from './resets.js'

/** Returns whether something held may now have its place. */
export async function applyConversation(tx: StorageTx, ctx: SyncContext, incoming: IncomingConversation, changes: Changes): Promise<boolean> {
  const known = await findConversation(tx, incoming.id, changes)
  if (known?.head && incoming.head && incoming.head.epoch > known.head.epoch) await noteReset(tx, ctx, incoming.id, incoming.head.epoch, changes)
  const stored = await findConversation(tx, incoming.id, changes)
  const before = stored ?? (await beginConversation(tx, incoming.id, incoming.kind, changes))
  const { rosterUpTo, ...kept } = before
  const isWhole = incoming.members !== undefined && incoming.rosterComplete === true
  const next = {
    ...kept,
    ...(isWhole || rosterUpTo === undefined ? {} : { rosterUpTo }),
    kind: incoming.kind,
    ...(incoming.title === undefined ? {} : { title: incoming.title }),
    ...(incoming.avatarUrl === undefined ? {} : { avatarUrl: incoming.avatarUrl }),
    head: maxPoint(before.head, incoming.head ?? null),
    rosterComplete: incoming.rosterComplete ?? before.rosterComplete,
  }
  await saveConversation(tx, next, changes)
  if (stored?.kind !== 'direct') await endGuess(tx, incoming.id)
  if (incoming.head !== undefined && (await noteTold(tx, ctx, incoming.id, incoming.head))) await recountUnread(tx, ctx, incoming.id, changes)
  if (incoming.head !== undefined) await lowerFloor(tx, await takenOverFloors(tx), next, changes)
  if (incoming.members) {
    await tx.members.put(incoming.id, await withoutOlder(tx, incoming.id, incoming.members))
    changes.members.set(incoming.id, await tx.members.list(incoming.id))
  }
  if (incoming.members || !stored) await followJoined(tx, ctx, incoming.id, changes.members.get(incoming.id) ?? (await tx.members.list(incoming.id)), changes)
  if (incoming.lastMessage) await showLastMessage(tx, ctx, incoming.id, incoming.lastMessage, changes)
  return next.head !== before.head || incoming.members !== undefined
}

/** It may be told again, or late: who was gone then may be back by now. */
async function withoutOlder(tx: StorageTx, id: ConversationId, members: readonly Member[]): Promise<readonly Member[]> {
  if (members.every(isMemberNow)) return members
  const known = new Map((await tx.members.list(id)).map((member) => [member.userId, member]))
  const isOlder = (told: Member, later: Member | undefined) => later !== undefined && isEarlier(told, later)
  return members.filter((told) => isMemberNow(told) || !isOlder(told, known.get(told.userId)))
}

/** Who is in it, as was asked of the wire: that tells nothing of its kind, which may be a guess. */
export async function applyRoster(tx: StorageTx, ctx: SyncContext, id: ConversationId, members: readonly Member[], changes: Changes): Promise<void> {
  const { rosterUpTo: _unsure, ...conversation } = await loadConversation(tx, id, changes)
  await saveConversation(tx, { ...conversation, rosterComplete: true }, changes)
  await tx.members.put(id, members)
  const now = await tx.members.list(id)
  changes.members.set(id, now)
  await followJoined(tx, ctx, id, now, changes)
  await applyHeld(tx, receiptRules(ctx), id, changes)
}

/** The list shows what the back end says is last, before history has been fetched. The row itself comes with history, so that no hole goes unnoticed. */
async function showLastMessage(tx: StorageTx, ctx: SyncContext, id: ConversationId, lastMessage: IncomingMessage, changes: Changes): Promise<void> {
  if (whyMalformed(lastMessage) !== null || lastMessage.conversationId !== id) return ctx.onDropped('message/malformed', id)
  const conversation = await loadConversation(tx, id, changes)
  if (conversation.lastActivityAt >= lastMessage.time) return
  // What is hidden here has happened all the same.
  const isHidden = (await tx.messages.byId(id, lastMessage.id))?.hidden
  await saveConversation(tx, { ...conversation, lastMessage: isHidden ? conversation.lastMessage : rowFrom(lastMessage), lastActivityAt: lastMessage.time }, changes)
}

/** @param begun - the newest epoch that is told together with it */
export async function applyMember(tx: StorageTx, ctx: SyncContext, { conversationId, member }: Extract<TransportEvent, { type: 'member' }>, changes: Changes, begun = 0): Promise<void> {
  const members = await tx.members.list(conversationId)
  const known = members.find(({ userId }) => userId === member.userId)
  if (known && isEarlier(member, known) && !(isMemberNow(member) && isFromBefore(known, Math.max(begun, await newestEpoch(tx, conversationId, changes))))) return
  await tx.members.put(conversationId, [member])
  const now = known ? members.map((each) => (each === known ? member : each)) : [...members, member]
  changes.members.set(conversationId, now)
  if (member.userId === ctx.me) await followJoined(tx, ctx, conversationId, now, changes)
}

/** Times only come to an end, and others begin: who tells less of them than is known was overtaken. */
export function isEarlier({ intervals: told }: Member, { intervals: known }: Member): boolean {
  const isSame = (a: MembershipInterval, b: MembershipInterval | undefined) => b !== undefined && samePoint(a.joinedAt, b.joinedAt) && samePoint(a.leftAt, b.leftAt)
  const last = told.at(-1)
  const end = known[told.length - 1]
  if (!last || !end || !told.slice(0, -1).every((each, i) => isSame(each, known[i])) || !samePoint(last.joinedAt, end.joinedAt)) return false
  return isSame(last, end) ? known.length > told.length : last.leftAt === null
}

/** Whether a server that began this epoch, as one does that was restored, may have forgotten the last of it: that they are a member is then no older news. That they are none may be told again. */
function isFromBefore({ intervals }: Member, epoch: number): boolean {
  const { leftAt, joinedAt } = intervals.at(-1)!
  return ((leftAt ?? joinedAt)?.epoch ?? epoch) < epoch
}
