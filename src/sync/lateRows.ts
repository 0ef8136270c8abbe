/** Messages that come after those behind them: what was said of these before anybody looked for losses says nothing of those. */
import type { ConversationId, Point } from '../model/index.js'
import { emptyMemberState, NO_OWN_STATE, type MemberState } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import type { IncomingReceipt } from '../transport/index.js'
import { crossesEpochs, sureOwn, sureState } from './acrossEpochs.js'
import { applyReceipts, receiptRules } from './applyReceipts.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { findConversation, loadOwn, saveConversation, saveOwn } from './conversationRows.js'
import { readByAll } from './readViews.js'
import { receiptsOf } from './receiptsOf.js'
import { loadReach, noteEpochs, type Placed } from './resets.js'
import { countUnreadRows } from './unread.js'

/**
 * Before they are stored, and the heads are raised.
 * @param areThere - the server shows them now: none of them is lost
 */
export async function noteLateRows(tx: StorageTx, ctx: SyncContext, messages: readonly Placed[], changes: Changes, areThere = false): Promise<void> {
  for (const id of await noteEpochs(tx, messages, changes, areThere)) {
    const unsure = [...(await doubtOthers(tx, id, changes)), ...(await doubtMine(tx, ctx, id, changes))]
    // What of it is not sure now waits for what the server has to tell.
    if (unsure.length > 0) await applyReceipts(tx, receiptRules(ctx), id, unsure, changes)
  }
}

/** They were joined as whole. @returns all that they said */
async function doubtOthers(tx: StorageTx, id: ConversationId, changes: Changes): Promise<readonly IncomingReceipt[]> {
  const reach = await loadReach(tx, id)
  const head = await headOf(tx, id, changes)
  const doubted = (await tx.readStates.list(id)).filter((state) => reachesBack(state, head))
  if (doubted.length === 0) return []
  await tx.readStates.put(id, doubted.map((state) => sureState(state, reach)))
  changes.doubted.set(id, await readByAll(tx, id))
  return doubted.flatMap((state) => receiptsOf(state, head))
}

/** What my other devices told, and what I read here up to somewhere. */
async function doubtMine(tx: StorageTx, ctx: SyncContext, id: ConversationId, changes: Changes): Promise<readonly IncomingReceipt[]> {
  const [own, conversation] = [(await loadOwn(tx, id, changes)) ?? NO_OWN_STATE, await findConversation(tx, id, changes)]
  const state = { ...emptyMemberState(ctx.me), ...own.synced }
  if (!conversation || !reachesBack(state, conversation.head)) return []
  const sure = sureOwn(own, await loadReach(tx, id))
  await saveOwn(tx, id, sure, changes)
  await saveConversation(tx, { ...conversation, unread: await countUnreadRows(tx, ctx, conversation, sure) }, changes)
  return receiptsOf(state, conversation.head).map((receipt) => ({ ...receipt, visibility: 'ownDevices' }))
}

function reachesBack(state: MemberState, head: Point | null): boolean {
  return receiptsOf(state, head).some((receipt) => crossesEpochs(receipt, () => undefined))
}

async function headOf(tx: StorageTx, id: ConversationId, changes: Changes): Promise<Point | null> {
  return (await findConversation(tx, id, changes))?.head ?? null
}
