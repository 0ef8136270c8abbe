import type { Message } from '../model/index.js'
import { receiptReport, untrackedReason, type ReceiptReport } from '../receipts/index.js'
import { isMemberNow } from '../receipts/groupLimit.js'
import { conditionsOf, isRosterKnown } from '../store/conditions.js'
import type { SyncContext } from './context.js'
import { hidesOthers } from './hiddenReaders.js'
import { listMemberStates } from './memberStates.js'

/** Who read these messages of one conversation, as far as this device knows. What the badge has no number for has none here. */
export async function reportReceipts(ctx: SyncContext, messages: readonly Message[]): Promise<ReceiptReport> {
  const id = messages[0]?.conversationId ?? ''
  const given = messages.filter(({ conversationId }) => conversationId === id)
  // Who asks may hold them as they were before they were taken back.
  const rows = await ctx.storage.read((tx) => tx.messages.getMany(given))
  const ofOne = given.map((message, i) => rows[i] ?? message)
  const states = await listMemberStates(ctx, id, ofOne)
  const { members, conversation, off } = await ctx.storage.read(async (tx) => ({ members: await tx.members.list(id), conversation: await tx.conversations.get(id), off: await hidesOthers(tx, ctx, id) }))
  const { policy, transport: { capabilities }, ports: { clock } } = ctx
  const kind = conversation?.kind ?? 'group'
  const circumstances = { kind, off, policy, capabilities, now: clock.now() }
  const size = members.filter(isMemberNow).length
  return receiptReport({
    messages: ofOne, members, states,
    // Silence is of groups, as in the badge.
    silentAfterMs: kind === 'group' ? policy.silentAfterMs : null,
    whyUntracked: (message, read) => untrackedReason(conditionsOf(message, () => read > 0, { ...circumstances, rosterComplete: isRosterKnown(conversation, message) }), size),
  })
}
