/** Stretches of history that are known to be missing, inside one transaction. */
import type { ConversationId } from '../model/index.js'
import { NO_OWN_STATE } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import type { TransportEvent } from '../transport/index.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { loadConversation, loadOwn, saveConversation } from './conversationRows.js'
import { FIRST_PLACE } from './places.js'
import { countUnreadRows } from './unread.js'

/** Missing history; an open end closes at the first row that is there beyond it. What may be unread in it makes the count inexact. */
export async function recordGap(tx: StorageTx, ctx: SyncContext, { conversationId, after, before }: Extract<TransportEvent, { type: 'gap' }>, changes: Changes): Promise<void> {
  const next = before ?? (await tx.messages.page({ conversationId, after: after ?? FIRST_PLACE, limit: 1 }))[0]?.at ?? null
  const gaps = [...(await tx.gaps.list(conversationId)), { conversationId, after, before: next }]
  await tx.gaps.replace(conversationId, gaps)
  changes.gaps.set(conversationId, gaps)
  const conversation = await loadConversation(tx, conversationId, changes)
  const own = (await loadOwn(tx, conversationId, changes)) ?? NO_OWN_STATE
  await saveConversation(tx, { ...conversation, unread: await countUnreadRows(tx, ctx.me, conversation, own) }, changes)
}

/** Gaps that reach up to what comes next end where it came. */
export async function closeOpenGaps(tx: StorageTx, conversationId: ConversationId): Promise<void> {
  const gaps = await tx.gaps.list(conversationId)
  if (!gaps.some(({ before }) => before === null)) return
  const closed = await Promise.all(gaps.map(async (gap) => ({ ...gap, before: gap.before ?? (await tx.messages.page({ conversationId, after: gap.after ?? FIRST_PLACE, limit: 1 }))[0]?.at ?? null })))
  await tx.gaps.replace(conversationId, closed)
}
