/** Messages that come after those behind them: what was said of these before anybody looked for losses says nothing of those. */
import type { ConversationId } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import { sureState } from './acrossEpochs.js'
import { applyReceipts, receiptRules } from './applyReceipts.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { findConversation } from './conversationRows.js'
import { readByAll } from './readViews.js'
import { receiptsAcross } from './receiptsOf.js'
import { loadReach, noteEpochs, type Placed } from './resets.js'

/**
 * Before they are stored, and the heads are raised.
 * @param areThere - the server shows them now: none of them is lost
 */
export async function noteLateRows(tx: StorageTx, ctx: SyncContext, messages: readonly Placed[], changes: Changes, areThere = false): Promise<void> {
  for (const id of await noteEpochs(tx, ctx.me, messages, changes, areThere)) await doubtStates(tx, ctx, id, changes)
}

/** They were joined as whole. What of them is not sure now waits for what the server has to tell. */
async function doubtStates(tx: StorageTx, ctx: SyncContext, id: ConversationId, changes: Changes): Promise<void> {
  const reach = await loadReach(tx, id)
  const head = (await findConversation(tx, id, changes))?.head ?? null
  const doubted = (await tx.readStates.list(id)).filter((state) => receiptsAcross(state, head).length > 0)
  if (doubted.length === 0) return
  await tx.readStates.put(id, doubted.map((state) => sureState(state, reach)))
  await applyReceipts(tx, receiptRules(ctx), id, doubted.flatMap((state) => receiptsAcross(state, head)), changes)
  changes.doubted.set(id, await readByAll(tx, id))
}
