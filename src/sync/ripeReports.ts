/** What was read and could not be told, and can be by what was stored just now: nobody reads anything here. */
import { isCountable, type Conversation, type ConversationId, type Message, type Progress, type ReceiptKind } from '../model/index.js'
import { RECEIPT_KINDS } from '../model/receiptKinds.js'
import { coversPoint, type OwnState } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import type { ReceiptScope } from '../transport/index.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { loadConversation, loadOwn } from './conversationRows.js'
import { queueReport } from './queueReport.js'

/**
 * A position moves when what stood in its way is gone: history that was missing came, an unread message was recalled, another device of mine read what lay between.
 * Where single messages are named, one is named that came into a stretch read before.
 */
export async function queueRipeReports(tx: StorageTx, ctx: SyncContext, changes: Changes): Promise<void> {
  const { capabilities } = ctx.transport
  await queueByNewKind(tx, ctx, changes)
  const isAny = RECEIPT_KINDS.some((kind) => MAY_RIPEN.has(capabilities[kind].direct) || MAY_RIPEN.has(capabilities[kind].group))
  if (!isAny) return
  const rows = [...changes.rows.values()]
  const touched = new Set([...changes.own.keys(), ...changes.gaps.keys(), ...rows.map((row) => row.conversationId)])
  for (const id of touched) {
    const conversation = await loadConversation(tx, id, changes)
    const scopes = RECEIPT_KINDS.map((kind) => ({ kind, scope: capabilities[kind][conversation.kind] })).filter(({ scope }) => MAY_RIPEN.has(scope))
    const own = scopes.length > 0 && (await loadOwn(tx, id, changes))
    if (!own) continue
    const stored = rows.filter((row) => row.conversationId === id && isCountable(row, ctx.me))
    for (const { kind, scope } of scopes) {
      // What was delivered is noted when it comes.
      const isRipe = scope === 'point' || (kind !== 'delivered' && stored.some((row) => isUntold(row, own, kind)))
      if (isRipe) await queueReport(tx, ctx, conversation, own, kind, changes)
    }
  }
}

/**
 * What stopped a position for a time may have passed.
 * @param ids - null: in any conversation
 */
export function queueStopped(ctx: SyncContext, ids: readonly ConversationId[] | null): Promise<Changes> {
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    const known = ids === null ? await tx.conversations.list() : await Promise.all(ids.map((id) => tx.conversations.get(id)))
    for (const conversation of known) if (conversation) await queueAll(tx, ctx, conversation, changes)
    return changes
  })
}

/** A message may come before its conversation, which is taken for a group until then. What was read meanwhile is told by the rules of what it is. */
async function queueByNewKind(tx: StorageTx, ctx: SyncContext, changes: Changes): Promise<void> {
  for (const [id, conversation] of changes.conversations) {
    const before = changes.stored.conversations.get(id)
    if (before && before.kind !== conversation.kind) await queueAll(tx, ctx, conversation, changes)
  }
}

/** What is due of each kind, by the rules of what the conversation is now. */
export async function queueAll(tx: StorageTx, ctx: SyncContext, conversation: Conversation, changes: Changes): Promise<void> {
  const own = await loadOwn(tx, conversation.id, changes)
  if (own) for (const kind of RECEIPT_KINDS) await queueReport(tx, ctx, conversation, own, kind, changes)
}

const MAY_RIPEN: ReadonlySet<ReceiptScope> = new Set<ReceiptScope>(['point', 'message'])

function isUntold({ at }: Message, { wanted, synced, acked }: OwnState, kind: ReceiptKind): boolean {
  const isDue = (due: Progress, taken: Progress) => at !== null && coversPoint(due, at) && !coversPoint(taken, at)
  return isDue(wanted[kind], acked.published[kind]) || isDue(synced[kind], acked.ownDevices[kind])
}
