import { comparePoints, type Conversation, type ConversationKind, type Message } from '../model/index.js'
import { isReceiptExpired, type ReceiptPolicy, type TallyConditions } from '../receipts/index.js'
import { areReceiptsAlways, groupLimit } from '../receipts/groupLimit.js'
import type { TransportCapabilities } from '../transport/index.js'

/** What holds for all messages of a conversation. */
export interface Circumstances {
  readonly kind: ConversationKind
  readonly rosterComplete: boolean
  /** My own receipts are not public, and those of others are hidden for that. */
  readonly off: boolean
  readonly policy: ReceiptPolicy
  readonly capabilities: TransportCapabilities
  /** Wall clock, epoch milliseconds. */
  readonly now: number
}

/**
 * What decides whether a number of readers is shown of a message.
 * @param isRead - receipts that came in time are shown for ever; only that none came cannot be told from that none was taken
 */
export function conditionsOf(message: Message, isRead: () => boolean, { kind, rosterComplete, off, policy, capabilities, now }: Circumstances): TallyConditions {
  return {
    requested: kind === 'direct' || areReceiptsAlways(policy, capabilities) || message.receiptRequested === true,
    supported: capabilities.read[kind] !== 'none' && (kind === 'direct' || capabilities.groupReceipts !== 'none'),
    sizeLimit: kind === 'direct' ? Number.MAX_SAFE_INTEGER : groupLimit(policy, capabilities.limits.groupSize),
    off,
    rosterComplete,
    expired: isExpired(message, kind, policy, capabilities, now) && !isRead(),
    recalled: message.recalledAt !== undefined,
  }
}

/** A wire may take receipts for a while only; receipts that have to be asked for end by policy too. */
function isExpired({ time }: Message, kind: ConversationKind, policy: ReceiptPolicy, capabilities: TransportCapabilities, now: number): boolean {
  if (kind === 'direct') return false
  const byPolicy = areReceiptsAlways(policy, capabilities) ? null : policy.validForMs
  return isReceiptExpired(time, now, byPolicy) || isReceiptExpired(time, now, capabilities.limits.receiptWindowMs ?? null)
}

/** Whether everybody is known whom a message is for. */
export function isRosterKnown(conversation: Conversation | undefined, { at }: Message): boolean {
  if (!conversation?.rosterComplete) return false
  const { rosterUpTo } = conversation
  return rosterUpTo === undefined || (rosterUpTo !== null && at !== null && comparePoints(at, rosterUpTo) <= 0)
}
