import type { Conversation } from '../model/index.js'
import { requireReceiptRequest } from '../receipts/index.js'
import { areReceiptsAlways } from '../receipts/groupLimit.js'
import { nextRequest } from '../receipts/nextRequest.js'
import type { StorageTx } from '../storage/index.js'
import type { SyncContext } from './context.js'

/** Rows looked through for the requests of a day. */
const PAGE_ROWS = 500
const MAX_ROWS = 10_000
const DAY_MS = 86_400_000

/**
 * Whether receipts may be asked for with a message of mine, where they have to be asked for.
 * @throws ChatError `receipt/notEnabled`, `receipt/forbidden`, `receipt/tooLarge` or `receipt/dailyLimit`
 */
export async function requireRequest(tx: StorageTx, { me, transport: { capabilities }, policy, ports }: SyncContext, conversation: Conversation): Promise<void> {
  if (conversation.kind === 'direct' || areReceiptsAlways(policy, capabilities)) return
  const now = ports.clock.now()
  const known = { me, conversation, members: await tx.members.list(conversation.id), askedAt: await requestTimes(tx, conversation.id, now - DAY_MS), now }
  requireReceiptRequest(...nextRequest(known, capabilities, policy))
}

/** When receipts were asked for in a conversation, by anybody, since then; what waits to be sent included. */
async function requestTimes(tx: StorageTx, conversationId: string, since: number): Promise<readonly number[]> {
  const asked = (await tx.messages.echoes(conversationId)).filter(({ receiptRequested }) => receiptRequested)
  for (let seen = 0, before; seen < MAX_ROWS; seen += PAGE_ROWS) {
    const rows = await tx.messages.page({ conversationId, ...(before ? { before } : {}), limit: PAGE_ROWS })
    asked.push(...rows.filter(({ receiptRequested }) => receiptRequested))
    before = rows[0]?.at
    if (rows.length < PAGE_ROWS || !before || rows[0]!.time < since) break
  }
  return asked.map(({ time }) => time)
}
