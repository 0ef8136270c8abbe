import { ChatError, type ConversationId, type ConversationKind, type MemberRole } from '../model/index.js'
import type { ReceiptPolicy } from './policy.js'

/**
 * Why receipts cannot be asked for. Each is the end of an error code, `receipt/…`. Nobody can ask too late, as it is done with sending: too late is a report,
 * which the wire refuses (`transport/receiptExpired`), and a look at who read, where nobody had (`expired` in place of a number).
 * @public
 */
export type ReceiptRefusal = 'notEnabled' | 'forbidden' | 'tooLarge' | 'dailyLimit'

/** Somebody wants to know who reads a message. @public */
export interface ReceiptRequest {
  readonly conversationId: ConversationId
  readonly kind: ConversationKind
  readonly role: MemberRole
  /** Current members, the asker included. */
  readonly memberCount: number
  /** Requests of this group within the last 24 hours: {@link countRequestsToday}. */
  readonly requestedToday: number
  /** Whether the wire carries read receipts here at all. */
  readonly supported: boolean
}

/** What of the policy decides it. @public */
export type RequestPolicy = Pick<ReceiptPolicy, 'requesters' | 'maxGroupSize' | 'maxRequestsPerDay'>

const DAY_MS = 86_400_000

/**
 * Whether receipts may be asked for with a message, before it is sent. In a direct conversation they need not be asked for.
 * @returns null when they may; else the first of `notEnabled`, `forbidden`, `tooLarge`, `dailyLimit` that stands against it
 * @public
 */
export function whyRequestRefused(request: ReceiptRequest, policy: RequestPolicy): ReceiptRefusal | null {
  if (!request.supported) return 'notEnabled'
  if (request.kind === 'direct') return null
  if (!policy.requesters.includes(request.role)) return 'forbidden'
  if (request.memberCount > policy.maxGroupSize) return 'tooLarge'
  return request.requestedToday >= policy.maxRequestsPerDay ? 'dailyLimit' : null
}

/** The same as a question. @public */
export function mayRequestReceipt(request: ReceiptRequest, policy: RequestPolicy): boolean {
  return whyRequestRefused(request, policy) === null
}

/**
 * @throws ChatError `receipt/notEnabled`, `receipt/forbidden`, `receipt/tooLarge` or `receipt/dailyLimit`
 * @public
 */
export function requireReceiptRequest(request: ReceiptRequest, policy: RequestPolicy): void {
  const refusal = whyRequestRefused(request, policy)
  if (refusal === null) return
  const which = `Receipts cannot be asked for in conversation "${request.conversationId}"`
  const reasons: Readonly<Record<ReceiptRefusal, string>> = {
    notEnabled: 'its back end carries no read receipts. Switch them on there, or send without asking.',
    forbidden: `its members with the role "${request.role}" may not; ${policy.requesters.join(' and ') || 'nobody'} may. Let one of them send it, or widen the policy's "requesters".`,
    tooLarge: `it has ${request.memberCount} members and receipts end at ${policy.maxGroupSize}. Send without asking, or raise the policy's "maxGroupSize" as far as the back end takes it.`,
    dailyLimit: `${request.requestedToday} messages with receipts were sent in it within 24 hours, and ${policy.maxRequestsPerDay} is the limit. Send without asking, or ask again later.`,
  }
  throw new ChatError(`receipt/${refusal}`, `${which}: ${reasons[refusal]} Nobody's reading would be known.`, { retryable: refusal === 'dailyLimit' })
}

/** How many of these sending times lie within the 24 hours before `now`. Epoch milliseconds, any order. @public */
export function countRequestsToday(sentAt: readonly number[], now: number): number {
  return sentAt.filter((time) => time <= now && time > now - DAY_MS).length
}

/** Whether receipts for a message sent at `sentAt` are not taken any more. Display and policy only: what was read stays read. @public */
export function isReceiptExpired(sentAt: number, now: number, validForMs: number | null): boolean {
  return validForMs !== null && now - sentAt > validForMs
}

/** Receipts beyond what is kept: the newest `most` by time, in the order given; those of unknown time go first. @public */
export function newestDetails<Detail extends { readonly time: number | null }>(details: readonly Detail[], most: number): readonly Detail[] {
  if (details.length <= most) return details
  const ranked = details.map((detail, index) => ({ index, time: detail.time ?? -Infinity })).sort((a, b) => b.time - a.time || b.index - a.index)
  const kept = new Set(ranked.slice(0, most).map(({ index }) => index))
  return details.filter((_detail, index) => kept.has(index))
}
