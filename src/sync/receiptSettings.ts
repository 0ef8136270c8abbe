/** Public, private or off: what is published from now on. Switching off removes what still waits, in the same transaction; switching on never publishes the past. */
import { ChatError, type Conversation, type ConversationId, type ReceiptVisibility } from '../model/index.js'
import { RECEIPT_KINDS } from '../model/receiptKinds.js'
import { NO_OWN_STATE, publishPast, startPublishing, stopPublishing, type OwnState } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import type { ReceiptScope } from '../transport/index.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { requireConversation, saveConversation, saveOwn } from './conversationRows.js'
import { choiceOf, choicesToTell, floorAtHeads, isStricter, isVisibility, keepChoices, knowsChoices, RECEIPTS_KEY, takeOverChoices, takeOverNewer } from './keptChoices.js'
import { restoreFloor } from './keptFloors.js'
import { isTooLarge } from './groupSize.js'
import { DEFAULT_VISIBILITY, isPublished, queueReport, receiptVisibility, userVisibility } from './queueReport.js'

/** Without a conversation: the user's own setting, for all conversations that have none of their own. Null: this conversation follows the user's again; the user's is the default again. @throws ChatError `client/unknownConversation`, `client/invalidReceipts` */
export async function setReceipts(ctx: SyncContext, visibility: ReceiptVisibility | null, conversationId?: ConversationId): Promise<Changes> {
  // The storage would put it aside: shown, and told to nobody until the next start, when all is told again.
  if (visibility !== null && !isVisibility(visibility)) throw new ChatError('client/invalidReceipts', 'setReceipts() was given no setting, so nothing was changed. Pass `public`, `private` or `off`, or null.')
  await takeNewer(ctx)
  const made = await switchReceipts(ctx, visibility, conversationId)
  await keepChoices(ctx)
  return made
}

/** The rows alone. Who switches several keeps the choices once, when all are in the rows: until then what is kept still has them. */
export async function switchReceipts(ctx: SyncContext, visibility: ReceiptVisibility | null, conversationId?: ConversationId): Promise<Changes> {
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    await takeOverChoices(tx, ctx)
    if (conversationId !== undefined) await requireConversation(tx, conversationId, 'its receipts cannot be switched')
    const all = await tx.conversations.list()
    if (conversationId === undefined && isStart(await userVisibility(tx, ctx), visibility ?? DEFAULT_VISIBILITY)) await floorAtHeads(tx)
    const affected = all.filter(({ id, receipts }) => (conversationId === undefined ? receipts === undefined : id === conversationId))
    for (const conversation of affected) {
      const { receipts: _, ...following } = conversation
      const after = visibility ?? (conversationId === undefined ? DEFAULT_VISIBILITY : await receiptVisibility(tx, ctx, following))
      await switchOne(tx, ctx, conversation, await receiptVisibility(tx, ctx, conversation), after, changes)
      if (conversationId !== undefined) await saveConversation(tx, visibility === null ? following : { ...conversation, receipts: visibility }, changes)
    }
    if (conversationId === undefined) await tx.meta.put(RECEIPTS_KEY, visibility ?? DEFAULT_VISIBILITY)
    return changes
  }, { durability: 'strict' })
}

/** At every opening: rows that do not know of a choice take it over; what was chosen from before it was kept beside them is kept. */
export async function restoreChoices(ctx: SyncContext): Promise<void> {
  if (ctx.storage.getState().status === 'readOnly') return
  if (!(await ctx.storage.read(knowsChoices))) {
    await ctx.storage.write((tx) => takeOverChoices(tx, ctx), { durability: 'strict' })
    await keepChoices(ctx)
  }
  const newer = choicesToTell(ctx)
  if (!newer) return
  const stored = await ctx.storage.write(async (tx) => {
    const all = await tx.conversations.list()
    for (const conversation of all) await restoreFloor(tx, newer.floors, conversation)
    await takeOverNewer(tx, newer)
    return all
  }, { durability: 'strict' })
  if (newer.own !== null) await switchReceipts(ctx, newer.own)
  for (const { id, receipts } of stored) {
    const choice = choiceOf(newer, id)
    // It follows the user's again. Where that tells more, nobody knows whether it was chosen or only lost.
    if (choice !== null || (receipts && isStricter(newer.own, receipts))) await switchReceipts(ctx, choice, id)
  }
  await keepChoices(ctx)
}

/** What a tab in memory has chosen since is in the rows before what is kept is written anew. */
async function takeNewer(ctx: SyncContext): Promise<void> {
  if (choicesToTell(ctx)) await restoreChoices(ctx)
}

/**
 * The user has confirmed that what was read while receipts were off may show as read: it is published now. Conversations whose receipts are not public, or that are too large for any, stay as they are.
 * Without a conversation: in all of them.
 * @throws ChatError `client/unknownConversation`
 */
export async function publishEarlier(ctx: SyncContext, conversationId?: ConversationId): Promise<Changes> {
  await takeNewer(ctx)
  const made = await ctx.storage.write(async (tx) => {
    const changes = createChanges()
    const affected = conversationId === undefined ? await tx.conversations.list() : [await requireConversation(tx, conversationId, 'nothing of it can be published')]
    for (const conversation of affected) {
      const before = await tx.readStates.getOwn(conversation.id)
      if (!before || (await receiptVisibility(tx, ctx, conversation)) !== 'public' || (await isTooLarge(tx, ctx, conversation, changes))) continue
      const own = publishPast(before)
      await saveOwn(tx, conversation.id, own, changes)
      for (const kind of RECEIPT_KINDS) await queueReport(tx, ctx, conversation, own, kind, changes)
    }
    return changes
  }, { durability: 'strict' })
  await keepChoices(ctx)
  return made
}

async function switchOne(tx: StorageTx, ctx: SyncContext, conversation: Conversation, before: ReceiptVisibility, after: ReceiptVisibility, changes: Changes): Promise<void> {
  if (before === after) return
  const stored = (await tx.readStates.getOwn(conversation.id)) ?? NO_OWN_STATE
  const stopped = RECEIPT_KINDS.filter((kind) => isPublished(kind, before) && !isPublished(kind, after))
  let own: OwnState = stopped.length > 0 ? stopPublishing(stored, stopped) : stored
  if (isStart(before, after, ctx.transport.capabilities.delivered[conversation.kind])) own = startPublishing(own, conversation.head ?? (await floorAtHeads(tx)))
  await saveOwn(tx, conversation.id, own, changes)
  for (const entry of await tx.outbox.list({ conversationId: conversation.id, lane: 'receipt' })) {
    if (entry.action === 'report' && entry.visibility === 'published' && stopped.includes(entry.kind)) await tx.outbox.delete(entry.seq)
  }
  // What would have reached my own devices with the published report goes to them alone.
  for (const kind of stopped) await queueReport(tx, ctx, conversation, own, kind, changes)
}

/**
 * Whether something is told from now on that was not before.
 * @param delivered - a wire that knows only positions cannot leave out what came while nobody was told: there delivery alone is no start, or it would never be told again
 */
function isStart(before: ReceiptVisibility, after: ReceiptVisibility, delivered: ReceiptScope = 'ranges'): boolean {
  return RECEIPT_KINDS.some((kind) => (kind !== 'delivered' || delivered !== 'point') && !isPublished(kind, before) && isPublished(kind, after))
}
