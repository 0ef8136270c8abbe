/** Stretches of history that are known to be missing, inside one transaction. */
import type { ConversationId } from '../model/index.js'
import { NO_OWN_STATE } from '../receipts/index.js'
import type { Gap, StorageTx } from '../storage/index.js'
import type { TransportEvent } from '../transport/index.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { loadConversation, loadOwn, saveConversation } from './conversationRows.js'
import { FIRST_PLACE } from './places.js'
import { countUnreadRows } from './unread.js'

/** What is known to be missing of a conversation. */
export async function loadGaps(tx: StorageTx, id: ConversationId, { stored }: Changes): Promise<readonly Gap[]> {
  const gaps = stored.gaps.get(id) ?? (await tx.gaps.list(id))
  stored.gaps.set(id, gaps)
  return gaps
}

async function saveGaps(tx: StorageTx, id: ConversationId, gaps: readonly Gap[], { stored }: Changes): Promise<void> {
  await tx.gaps.replace(id, gaps)
  stored.gaps.set(id, gaps)
}

/** Missing history; an open end closes at the first row that is there beyond it. What may be unread in it makes the count inexact. */
export async function recordGap(tx: StorageTx, ctx: SyncContext, { conversationId, after, before }: Extract<TransportEvent, { type: 'gap' }>, changes: Changes): Promise<void> {
  const next = before ?? (await tx.messages.page({ conversationId, after: after ?? FIRST_PLACE, limit: 1 }))[0]?.at ?? null
  const gaps = [...(await loadGaps(tx, conversationId, changes)), { conversationId, after, before: next }]
  await saveGaps(tx, conversationId, gaps, changes)
  changes.gaps.set(conversationId, gaps)
  const conversation = await loadConversation(tx, conversationId, changes)
  const own = (await loadOwn(tx, conversationId, changes)) ?? NO_OWN_STATE
  await saveConversation(tx, { ...conversation, unread: await countUnreadRows(tx, ctx.me, conversation, own) }, changes)
}

/** Gaps that reach up to what comes next end where it came. */
export async function closeOpenGaps(tx: StorageTx, conversationId: ConversationId, changes: Changes): Promise<void> {
  const gaps = await loadGaps(tx, conversationId, changes)
  if (!gaps.some(({ before }) => before === null)) return
  const closed = await Promise.all(gaps.map(async (gap) => ({ ...gap, before: gap.before ?? (await tx.messages.page({ conversationId, after: gap.after ?? FIRST_PLACE, limit: 1 }))[0]?.at ?? null })))
  await saveGaps(tx, conversationId, closed, changes)
}
