/** For wires that know only a position: what stood in its way may be gone, by what was stored just now. Then what was read beyond it can be told. */
import { RECEIPT_KINDS } from '../model/receiptKinds.js'
import type { StorageTx } from '../storage/index.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { loadConversation, loadOwn } from './conversationRows.js'
import { queueReport } from './queueReport.js'

/** History that was missing came, an unread message was recalled, another device of mine read what lay between: nobody reads anything here, and the position moves. */
export async function queueMovedPositions(tx: StorageTx, ctx: SyncContext, changes: Changes): Promise<void> {
  const { capabilities } = ctx.transport
  if (!RECEIPT_KINDS.some((kind) => capabilities[kind].direct === 'point' || capabilities[kind].group === 'point')) return
  const touched = new Set([...changes.own.keys(), ...changes.gaps.keys(), ...[...changes.rows.values()].map((row) => row.conversationId)])
  for (const id of touched) {
    const conversation = await loadConversation(tx, id, changes)
    const kinds = RECEIPT_KINDS.filter((kind) => capabilities[kind][conversation.kind] === 'point')
    const own = kinds.length > 0 && (await loadOwn(tx, id, changes))
    if (own) for (const kind of kinds) await queueReport(tx, ctx, conversation, own, kind, changes)
  }
}
