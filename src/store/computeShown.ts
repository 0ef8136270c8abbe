import type { ConversationKind, Message } from '../model/index.js'
import { isReceiptExpired, keepTally, raiseStatus, statusOf, silentIn, tallyOf, type ReceiptPolicy, type TallyConditions } from '../receipts/index.js'
import { groupLimit } from '../receipts/groupLimit.js'
import type { TransportCapabilities } from '../transport/index.js'
import type { ReadView } from './chatStore.js'
import type { ReadStateSourceOptions, ShownState } from './readStateSource.js'

type ShownStateOptions = Omit<ReadStateSourceOptions, 'computed'>

/** Status and tally of a message of mine by what is known of others; never less than was shown `before`. */
export function computeShown({ store, id, me, policy, capabilities, clock }: ShownStateOptions, message: Message, view: ReadView, before: ShownState | undefined): ShownState {
  const { conversations, receipts } = store.getState()
  const conversation = conversations.get(id)
  const kind: ConversationKind = conversation?.kind ?? 'group'
  const conditions = conditionsFor(message, kind, conversation?.rosterComplete ?? false, policy, capabilities)
  const off = policy.reciprocal && (conversation?.receipts ?? receipts) !== 'public'
  // Receipts that came in time are shown for ever; only that none came cannot be told from that none was taken.
  const expired = isExpired(message, kind, policy, capabilities, clock.now()) && view.index.reach(message).read === 0 && !message.readCount
  const silent = silentIn(view.index, message, kind === 'group' ? view.members : [], (userId) => view.signs?.get(userId), policy.silentAfterMs)
  const tally = tallyOf(view.index, message, { ...conditions, off, expired, recalled: message.recalledAt !== undefined }, message.readCount, silent)
  const next = statusOf(message, { me, kind, rule: policy.groupStatus, reach: tally }) ?? 'sent'
  return { status: raiseStatus(before?.status ?? null, next), tally: keepTally(before?.tally, tally) }
}

function conditionsFor(message: Message, kind: ConversationKind, rosterComplete: boolean, policy: ReceiptPolicy, capabilities: TransportCapabilities): TallyConditions {
  const limited = kind === 'direct' ? Number.MAX_SAFE_INTEGER : groupLimit(policy, capabilities.limits.groupSize)
  return {
    requested: kind === 'direct' || areReceiptsAlways(policy, capabilities) || message.receiptRequested === true,
    supported: capabilities.read[kind] !== 'none' && (kind === 'direct' || capabilities.groupReceipts !== 'none'),
    sizeLimit: limited,
    off: false,
    rosterComplete,
  }
}

function areReceiptsAlways(policy: ReceiptPolicy, capabilities: TransportCapabilities): boolean {
  return policy.groupReceipts === 'asWire' && capabilities.groupReceipts === 'always'
}

/** A wire may take receipts for a while only; receipts that have to be asked for end by policy too. */
function isExpired({ time }: Message, kind: ConversationKind, policy: ReceiptPolicy, capabilities: TransportCapabilities, now: number): boolean {
  if (kind === 'direct') return false
  const byPolicy = areReceiptsAlways(policy, capabilities) ? null : policy.validForMs
  return isReceiptExpired(time, now, byPolicy) || isReceiptExpired(time, now, capabilities.limits.receiptWindowMs ?? null)
}
