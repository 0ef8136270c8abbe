/** What I read, into my own state: in one transaction with the report that will tell it, so that the count on screen and what is told cannot part. */
import { comparePoints, isCountable, messageKey, NO_PROGRESS, type Conversation, type ConversationId, type Message, type MessageId, type Point, type PointRange, type Progress } from '../model/index.js'
import { clearMine, coversPoint, joinProgress, NO_OWN_STATE, progressOfPoints, readMine, type OwnState, type ReadMode } from '../receipts/index.js'
import { coversMessage } from '../receipts/coversMessage.js'
import type { StorageTx } from '../storage/index.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { loadOwn, requireConversation, saveConversation, saveOwn } from './conversationRows.js'
import { claimPlaces, standingTwice } from './followPlaces.js'
import { visibilityNow } from './groupSize.js'
import { isGuess } from './guessedKind.js'
import { knownHistory } from './knownHistory.js'
import { endMark, endMarkByReading } from './manualUnread.js'
import { neighbourhood } from './neighbourhood.js'
import { isPublished, queueReport } from './queueReport.js'
import { queueContents } from './receiptContent.js'
import { readStretches } from './stretches.js'
import { addUnread, countsAsUnread, countUnreadRows, unreadRows } from './unread.js'

/**
 * Notes messages as read or viewed. Own, provisional and already read ones change nothing. Where it cannot be noted whoever tells it hears so, and can tell it again:
 * the browser may have thrown the database away, with the list still on screen.
 * @param content - what is said of each of them, also of one that was read before; where that cannot be told, nothing is stored
 */
export async function markRead(ctx: SyncContext, messages: readonly Message[], kind: 'read' | 'viewed', content?: string): Promise<Changes> {
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    if (content !== undefined) await queueContents(tx, ctx, messages, kind, content, changes)
    for (const [conversationId, group] of groupCountable(ctx, messages)) {
      await requireConversation(tx, conversationId, 'what was read of it cannot be noted')
      await markGroup(tx, ctx, conversationId, group, kind, changes)
    }
    return changes
  }, { durability: 'strict' })
}

/** Who answers a message, or reacts to it, has read it. In the same transaction: one that ends between the two, with the page, would leave the answer without the reading. */
export async function readTarget(tx: StorageTx, ctx: SyncContext, conversationId: ConversationId, id: MessageId, changes: Changes): Promise<void> {
  const target = await tx.messages.byId(conversationId, id)
  if (target?.at && isCountable(target, ctx.me)) await markGroup(tx, ctx, conversationId, [target], 'read', changes)
}

/** Sets the count to zero, and takes back that it was marked as unread: everything up to the head is read on my devices, and nobody else is told. */
export async function clearUnread(ctx: SyncContext, conversationId: ConversationId): Promise<Changes> {
  // What is stored before this is, on a slow disk, was not there when the user asked for it.
  const shown = ctx.store.getState().conversations.get(conversationId)?.head
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    const stored = await tx.conversations.get(conversationId)
    const conversation = stored && (await endMark(tx, stored, changes))
    if (!conversation?.head) return changes
    const before = (await loadOwn(tx, conversationId, changes)) ?? NO_OWN_STATE
    const isAll = !shown || comparePoints(conversation.head, shown) <= 0
    const own = clearMine(before, isAll ? conversation.head : shown)
    await saveConversation(tx, { ...conversation, unread: isAll ? { count: 0, exact: true } : await countUnreadRows(tx, ctx, conversation, own) }, changes)
    if (own === before) return changes
    await saveOwn(tx, conversationId, own, changes)
    await queueReport(tx, ctx, conversation, own, 'read', changes)
    return changes
  }, { durability: 'strict' })
}

/**
 * Entering a conversation reads everything that is here of it, where the policy has it so: one report for all of it. It was reached, which is not to say seen.
 * Nothing is told where nothing was unread. Where there is nothing to read, entering ends that it was marked as unread, whatever the policy: no reading would.
 */
export async function markReached(ctx: SyncContext, conversationId: ConversationId): Promise<Changes> {
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    const conversation = await tx.conversations.get(conversationId)
    if (conversation?.unread?.count === 0) await endMarkByReading(tx, ctx, conversation, changes)
    if (!conversation || ctx.policy.onOpen[conversation.kind] !== 'all') return changes
    if (conversation.unread?.count === 0 && conversation.unread.exact) return changes
    const own = (await loadOwn(tx, conversationId, changes)) ?? NO_OWN_STATE
    const unread = await unreadRows(tx, ctx.me, conversation, own)
    if (unread.length > 0) await markGroup(tx, ctx, conversationId, unread, 'read', changes, 'upTo')
    return changes
  }, { durability: 'strict' })
}

function groupCountable(ctx: SyncContext, messages: readonly Message[]): Map<ConversationId, Message[]> {
  const groups = new Map<ConversationId, Message[]>()
  for (const message of messages) {
    if (message.at === null || !isCountable(message, ctx.me)) continue
    groups.set(message.conversationId, [...(groups.get(message.conversationId) ?? []), message])
  }
  return groups
}

async function markGroup(tx: StorageTx, ctx: SyncContext, conversationId: ConversationId, group: readonly Message[], kind: 'read' | 'viewed', changes: Changes, mode?: ReadMode): Promise<void> {
  const stored = await tx.conversations.get(conversationId)
  if (!stored) return
  const conversation = await endMarkByReading(tx, ctx, stored, changes)
  const before = (await loadOwn(tx, conversationId, changes)) ?? NO_OWN_STATE
  const setting = await visibilityNow(tx, ctx, conversation, changes)
  const points = group.map((message) => message.at!)
  const readMode = mode ?? (await modeOf(tx, ctx, conversation))
  const publish = isPublished(kind, setting)
  // What was only cleared, or read in private, must not be published as part of a stretch.
  const seen = publish ? before.wanted.read : joinProgress(before.wanted.read, before.unpublished?.read ?? NO_PROGRESS)
  const shape = readMode === 'upTo' || kind === 'viewed' ? { points } : await stretchesAround(tx, ctx, conversation, seen, points, changes)
  // As they are stored: on screen a row may be older, where another tab has changed it, or it has come to stand elsewhere.
  const rows = await tx.messages.getMany(group)
  const read = claimPlaces(readMine(before, shape, { kind, publish, readMode }), group.map((row, i) => rows[i] ?? row), ctx.me, setting, publish ? ['read', kind] : [])
  // A prefix reaches others besides.
  const own = readMode === 'upTo' ? claimPlaces(read, await standingTwice(tx, conversationId), ctx.me, setting) : read
  if (own === before) return
  await saveOwn(tx, conversationId, own, changes)
  const unread = await unreadAfter(tx, ctx, conversation, rows, before, own, readMode)
  await saveConversation(tx, { ...conversation, unread }, changes)
  await queueReport(tx, ctx, conversation, own, 'read', changes)
  if (kind === 'viewed') await queueReport(tx, ctx, conversation, own, 'viewed', changes)
}

/** While it is only a guess that it is a group, a message reads what is before it if it would in any conversation. */
async function modeOf(tx: StorageTx, { policy: { readMode } }: SyncContext, { id, kind }: Conversation): Promise<ReadMode> {
  return kind === 'direct' || readMode.direct === readMode.group || !(await isGuess(tx, id)) ? readMode[kind] : 'perMessage'
}

/** Under `perMessage` only what was seen is read, joined to its read neighbours where this device knows that nothing lies between. */
async function stretchesAround(tx: StorageTx, ctx: SyncContext, conversation: Conversation, seen: Progress, points: readonly Point[], changes: Changes): Promise<{ ranges: readonly PointRange[]; points: readonly Point[] }> {
  const rows = await neighbourhood(tx, conversation.id, points)
  const fresh = progressOfPoints(points)
  const isRead = (row: Message) => !row.hidden && row.at !== null && (coversPoint(fresh, row.at) || coversMessage(seen, row))
  return { ranges: readStretches(rows, ctx.me, isRead, points, await knownHistory(tx, ctx, conversation, changes)), points }
}

async function unreadAfter(tx: StorageTx, ctx: SyncContext, conversation: Conversation, rows: readonly (Message | undefined)[], before: OwnState, own: OwnState, readMode: ReadMode): Promise<Conversation['unread']> {
  if (readMode === 'upTo' || conversation.unread === null || !conversation.unread.exact) return countUnreadRows(tx, ctx, conversation, own)
  const once = new Map(rows.flatMap((row) => (row ? [[messageKey(row), row]] : [])))
  let fewer = 0
  for (const row of once.values()) fewer += countsAsUnread(row, ctx.me, before, conversation) - countsAsUnread(row, ctx.me, own, conversation)
  return addUnread(conversation.unread, -fewer)
}
