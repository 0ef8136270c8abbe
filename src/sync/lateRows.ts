/** Messages that come after those behind them: what was said of these before anybody looked for losses says nothing of those. */
import type { ConversationId, Point } from '../model/index.js'
import { emptyMemberState } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import { sureState } from './acrossEpochs.js'
import { applyReceipts, receiptRules } from './applyReceipts.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { findConversation, loadOwn, saveOwn } from './conversationRows.js'
import { lateStretches, withoutLate } from './lateStretches.js'
import { readByAll } from './readViews.js'
import { receiptsAcross, toldAcross } from './receiptsOf.js'
import { loadReach, noteEpochs, type MayBeLost, type Placed } from './resets.js'

/** Before they are stored, and the heads are raised. */
export async function noteLateRows(tx: StorageTx, ctx: SyncContext, messages: readonly Placed[], changes: Changes, mayBeLost: MayBeLost = 'mine'): Promise<void> {
  const doubted = new Set(await noteEpochs(tx, ctx, messages, changes, mayBeLost))
  // Of a file, each part: that it is open what was lost says the first.
  const ids = mayBeLost === 'all' ? new Set(messages.map(({ conversationId }) => conversationId)) : doubted
  for (const id of ids) {
    const head = (await findConversation(tx, id, changes))?.head ?? null
    const come = messages.flatMap(({ conversationId, from, at }) => (conversationId === id && at ? { from, at } : []))
    const begun = Math.max(head?.epoch ?? 0, ...come.map(({ at }) => at.epoch))
    const late = mayBeLost === 'all' ? come.filter(({ at }) => at.epoch < begun) : come
    if (doubted.has(id) && late.some(({ from }) => from === ctx.me)) await doubtStates(tx, ctx, id, head, changes)
    if (mayBeLost === 'all') await doubtMine(tx, ctx, id, { head, places: late.flatMap(({ from, at }) => (from === ctx.me ? [] : at)) }, changes)
  }
}

/** They were joined as whole. What of them is not sure now waits for what the server has to tell. */
async function doubtStates(tx: StorageTx, ctx: SyncContext, id: ConversationId, head: Point | null, changes: Changes): Promise<void> {
  const reach = await loadReach(tx, id)
  const doubted = (await tx.readStates.list(id)).filter((state) => receiptsAcross(state, head).length > 0)
  if (doubted.length === 0) return
  await tx.readStates.put(id, doubted.map((state) => sureState(state, reach)))
  await applyReceipts(tx, receiptRules(ctx), id, doubted.flatMap((state) => receiptsAcross(state, head)), changes)
  changes.doubted.set(id, await readByAll(tx, id))
}

interface Late {
  readonly head: Point | null
  readonly places: readonly Point[]
}

/** What my other devices told, and I read on here, was said without them. What was told by now waits as well, and what is sure of it joins again. Who calls this counts unread messages anew. */
async function doubtMine(tx: StorageTx, ctx: SyncContext, id: ConversationId, { head, places }: Late, changes: Changes): Promise<void> {
  const own = await loadOwn(tx, id, changes)
  if (!own || receiptsAcross({ ...emptyMemberState(ctx.me), ...own.synced }, head).length === 0) return
  const stretches = await lateStretches(tx, id, places)
  if (stretches.length === 0) return
  await saveOwn(tx, id, withoutLate(own, stretches), changes)
  await applyReceipts(tx, receiptRules(ctx), id, toldAcross(ctx.me, own, head), changes)
}
