/** Messages from the wire into rows, with the aggregates of their conversations, inside one transaction. */
import { comparePoints, isPoint, localIdFor, maxPoint, messageKey, type Conversation, type ConversationId, type Message, type Point, type Reaction, type UserId } from '../model/index.js'
import { placesOf } from '../model/placesOf.js'
import { sameData } from '../model/sameData.js'
import { NO_OWN_STATE } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import { optional } from '../storage/rows/fields.js'
import { messageFault } from '../storage/rows/messageFault.js'
import type { IncomingMessage } from '../transport/index.js'
import { noteRow, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { findConversation, loadConversation, loadOwn, saveConversation } from './conversationRows.js'
import { findSend } from './findSend.js'
import { followJoined } from './followJoined.js'
import { recountUnread } from './gapRows.js'
import { noteOtherPlaces, noteOwnPlaces } from './holes.js'
import { activityAfter, joinIncoming, laterMessage, rowFrom } from './messageRows.js'
import { stillDeleted } from './keptDeletions.js'
import { noteArrival } from './neverCame.js'
import { withWaitingReactions } from './queuedActions.js'
import { isMoment, LAST_TIME } from './receiptShape.js'
import { addUnread, countsAsUnread } from './unread.js'

/** Joins the messages into what is stored. Returns the conversations in which something can be found now that could not before: a row, the place of one, or an id. */
export async function applyMessages(tx: StorageTx, ctx: SyncContext, messages: readonly IncomingMessage[], changes: Changes): Promise<ReadonlySet<ConversationId>> {
  const grown = new Set<ConversationId>()
  for (const [conversationId, group] of groupByConversation(messages)) {
    const known = await findConversation(tx, conversationId, changes)
    const head = known?.head ?? null
    const existing = await findExisting(tx, conversationId, group, (incoming) => isNewcomer(ctx, head, incoming))
    const { changed: came, inserted } = joinGroup(group, existing)
    if (came.length === 0) continue
    // What is beyond everything received was never here before, but where a server was set up anew, and tells all of it again.
    const mayBeBack = (row: Message) => inserted.has(messageKey(row)) && head !== null && (row.at!.epoch > head.epoch || comparePoints(row.at!, head) <= 0)
    const joined = [...(await stillDeleted(tx, conversationId, came.filter(mayBeBack))), ...came.filter((row) => !mayBeBack(row))]
    const changed = await withWaiting(tx, ctx.me, joined, existing)
    await noteTwice(tx, ctx.me, group, changed)
    const isMissing = await noteArrival(tx, ctx, conversationId, group.map(({ at }) => at))
    await tx.messages.put(changed)
    for (const row of changed) noteRow(changes, row)
    for (const row of changed) if (existing.get(messageKey(row))?.outgoing === 'failed') await forgetFailed(tx, row, changes)
    if (changed.some((row) => isFound(row, existing.get(messageKey(row))))) grown.add(conversationId)
    await raiseAggregates(tx, ctx.me, conversationId, changed, inserted, existing, changes)
    if (isMissing) await recountUnread(tx, ctx, conversationId, changes)
    // A roster may have come before its conversation.
    if (!known) await followJoined(tx, ctx, conversationId, await tx.members.list(conversationId), changes)
  }
  return grown
}

/** The wire tells all reactions that it has: those of mine that wait are still shown. */
async function withWaiting(tx: StorageTx, me: UserId, joined: readonly Message[], existing: ReadonlyMap<string, Message>): Promise<readonly Message[]> {
  const isMine = ({ by }: Reaction) => by === me
  const mineOf = (row: Message | undefined) => (row?.reactions ?? []).filter(isMine)
  const rows: Message[] = []
  for (const row of joined) rows.push(sameData(mineOf(row), mineOf(existing.get(messageKey(row)))) ? row : await withWaitingReactions(tx, me, row))
  return rows
}

/** What the wire stored twice has one row, and two places. */
async function noteTwice(tx: StorageTx, me: UserId, group: readonly IncomingMessage[], changed: readonly Message[]): Promise<void> {
  for (const row of changed) {
    const others = row.otherPlaces ? group.filter(({ id, at }) => row.ids.includes(id) && comparePoints(at, row.at!) !== 0) : []
    if (others.length === 0) continue
    if (row.from === me) await noteOwnPlaces(tx, row.conversationId, others.map(({ at }) => at))
    else await noteOtherPlaces(tx, row.conversationId, others.map(({ at, id }) => ({ at, id })))
  }
}

/** The server has what had failed: sent again by another device, or taken though it was refused. Nobody tries it again. */
export async function forgetFailed(tx: StorageTx, { conversationId, localId }: Message, changes: Changes): Promise<void> {
  const queued = await findSend(tx, conversationId, localId)
  if (!queued?.failed) return
  await tx.outbox.delete(queued.seq)
  changes.outbox = true
}

function isFound(row: Message, before: Message | undefined): boolean {
  return !before || before.at === null || before.ids.length < row.ids.length
}

/** Why a message from a wire cannot be stored; null when it can. */
export function whyMalformed(message: IncomingMessage): string | null {
  try {
    if (typeof message !== 'object' || message === null) return 'not an object'
    if (!isPoint(message.at)) return 'its point is not valid'
    // A Date has to hold it, also one before 1970.
    if (Math.abs(message.time) > LAST_TIME || !isTimeOrNone(message.editedAt) || !isTimeOrNone(message.recalledAt) || !isTimeOrNone(message.deletedAt)) return 'a time of it is none'
    return messageFault(rowFrom(message)) ?? (message.id === '' || message.conversationId === '' ? 'an id is empty' : null)
  } catch {
    return 'it throws when it is looked at'
  }
}

const isTimeOrNone = optional(isMoment)

function groupByConversation(messages: readonly IncomingMessage[]): Map<ConversationId, IncomingMessage[]> {
  const groups = new Map<ConversationId, IncomingMessage[]>()
  for (const message of messages) {
    const group = groups.get(message.conversationId)
    if (group) group.push(message)
    else groups.set(message.conversationId, [message])
  }
  return groups
}

/**
 * Whether the only row that it may have is the one under its own local id: where the order is the server's sequence, what lies beyond
 * everything received is no repeat of a row that had no such id. One of mine may be an echo, which has no place yet.
 */
function isNewcomer({ me, transport: { capabilities } }: SyncContext, head: Point | null, { from, localId, at }: IncomingMessage): boolean {
  return capabilities.order === 'sequence' && localId !== undefined && from !== me && (head === null || comparePoints(at, head) > 0)
}

async function findExisting(tx: StorageTx, conversationId: ConversationId, group: readonly IncomingMessage[], isNew: (incoming: IncomingMessage) => boolean): Promise<Map<string, Message>> {
  const keys = group.map(({ from, id, localId }) => ({ conversationId, from, localId: localId ?? localIdFor(id) }))
  const byKey = await tx.messages.getMany(keys)
  const rows = new Map<string, Message>()
  const missing: IncomingMessage[] = []
  group.forEach((incoming, i) => {
    const row = byKey[i]
    if (row) rows.set(messageKey(row), row).set(idKey(incoming.id), row)
    // Without a local id of its own a repeat is recognised by id alone.
    else if (!isNew(incoming)) missing.push(incoming)
  })
  if (missing.length > 0) {
    const byId = await tx.messages.byIds(conversationId, missing.map(({ id }) => id))
    byId.forEach((row, i) => {
      const incoming = missing[i]!
      if (row && (row.from === incoming.from)) rows.set(messageKey(row), row).set(idKey(incoming.id), row)
    })
  }
  return rows
}

function joinGroup(group: readonly IncomingMessage[], existing: Map<string, Message>): { changed: Message[]; inserted: Set<string> } {
  const changed = new Map<string, Message>()
  const inserted = new Set<string>()
  const current = new Map(existing)
  for (const incoming of group) {
    const fresh = rowFrom(incoming)
    const row = current.get(messageKey(fresh)) ?? current.get(idKey(incoming.id))
    const next = row ? joinIncoming(row, incoming) : fresh
    if (!row) inserted.add(messageKey(next))
    if (next !== row) changed.set(messageKey(next), next)
    current.set(messageKey(next), next).set(idKey(incoming.id), next)
  }
  return { changed: [...changed.values()], inserted }
}

/** Ids and row keys share one map; a row key begins with a digit. */
function idKey(id: string): string {
  return `id ${id}`
}

async function raiseAggregates(
  tx: StorageTx, me: UserId, conversationId: ConversationId, changed: readonly Message[], inserted: ReadonlySet<string>, existing: ReadonlyMap<string, Message>, changes: Changes,
): Promise<void> {
  const conversation = await loadConversation(tx, conversationId, changes)
  const own = (await loadOwn(tx, conversationId, changes)) ?? NO_OWN_STATE
  let { head, lastMessage, lastActivityAt } = conversation
  let unreadDelta = 0
  for (const row of changed) {
    head = placesOf(row).reduce(maxPoint, head)
    lastMessage = laterMessage(lastMessage, row)
    lastActivityAt = activityAfter(lastActivityAt, existing.get(messageKey(row)), lastMessage)
    const before = inserted.has(messageKey(row)) ? undefined : existing.get(messageKey(row))
    unreadDelta += countsAsUnread(row, me, own, conversation) - (before ? countsAsUnread(before, me, own, conversation) : 0)
  }
  const next: Conversation = {
    ...conversation,
    head,
    lastMessage,
    lastActivityAt,
    unread: addUnread(conversation.unread, unreadDelta),
  }
  await saveConversation(tx, next, changes)
}
