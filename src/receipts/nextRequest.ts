import type { Conversation, Member, UserId } from '../model/index.js'
import { groupLimit, isMemberNow } from './groupLimit.js'
import type { ReceiptPolicy } from './policy.js'
import { countRequestsToday, type ReceiptRequest, type RequestPolicy } from './requestRules.js'

/** What a wire says of receipts in groups. */
interface GroupWire {
  readonly groupReceipts: 'always' | 'onRequest' | 'none'
  readonly read: { readonly group: string }
  readonly limits: { readonly groupSize?: number }
}

/** What is known where it is decided. */
interface Known {
  readonly me: UserId
  readonly conversation: Pick<Conversation, 'id' | 'kind'>
  readonly members: readonly Member[]
  /** When receipts were asked for in this conversation, by anybody, epoch milliseconds. */
  readonly askedAt: readonly number[]
  readonly now: number
}

/**
 * What it is to ask for receipts with my next message, and the limits it has to keep. The composer offers it by the same rule by which the outbox takes it; they
 * differ in `askedAt` alone: a window sees what it has loaded, the outbox all that is stored.
 */
export function nextRequest({ me, conversation: { id, kind }, members, askedAt, now }: Known, wire: GroupWire, policy: ReceiptPolicy): readonly [ReceiptRequest, RequestPolicy] {
  const current = members.filter(isMemberNow)
  const request: ReceiptRequest = {
    conversationId: id, kind,
    // Where this device does not know my role yet, the back end decides.
    role: current.find(({ userId }) => userId === me)?.role ?? policy.requesters[0] ?? 'member',
    memberCount: current.length,
    requestedToday: countRequestsToday(askedAt, now),
    supported: wire.groupReceipts !== 'none' && wire.read.group !== 'none',
  }
  return [request, { ...policy, maxGroupSize: groupLimit(policy, wire.limits.groupSize) }]
}
