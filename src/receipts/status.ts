import { STATUS_CODES, type ConversationKind, type Message, type MessageStatus, type UserId } from '../model/index.js'
import type { GroupStatusRule } from './policy.js'
import type { Reach } from './receiptIndex.js'
import type { Tally } from './tallyTypes.js'

/** @public */
export interface StatusContext {
  readonly me: UserId
  readonly kind: ConversationKind
  /** What the icon means in a group; a direct conversation needs its one other member. */
  readonly rule: GroupStatusRule
  /** How far the audience got. An untracked tally leaves the status at `sent`. */
  readonly reach: Tally | (Pick<Reach, 'delivered' | 'read' | 'of'> & Partial<Pick<Reach, 'deliveredOf'>>)
}

/**
 * The status of an own message, computed from read state and never stored.
 * Reaching `read` implies `delivered`; a conversation with nobody else in it stays at `sent`.
 * @returns null for somebody else's message
 * @public
 */
export function statusOf(message: Pick<Message, 'from' | 'outgoing'>, { me, kind, rule, reach }: StatusContext): MessageStatus | null {
  if (message.from !== me) return null
  if (message.outgoing !== undefined) return message.outgoing
  if ('tracked' in reach && !reach.tracked) return 'sent'
  const { read, of, delivered, deliveredOf = of } = reach
  const asked = kind === 'direct' ? 'any' : rule
  if (of > 0 && read >= neededReaders(asked, of)) return 'read'
  // Who received it and left has it still; who left without it is not waited for.
  return deliveredOf > 0 && Math.max(delivered, read) >= neededReaders(asked, deliveredOf) ? 'delivered' : 'sent'
}

/** How many of `of` members must have read for the icon to say so: at least one, at most all. @public */
export function neededReaders(rule: GroupStatusRule, of: number): number {
  if (rule === 'all') return of
  if (rule === 'any') return Math.min(1, of)
  return Math.min(Math.max(1, rule.atLeast), of)
}

/**
 * The status to show when `next` was computed and `shown` is on screen: never a lower one.
 * A message that is not accepted yet may fail, and a failed one may be tried again; once the server has it, neither can be.
 * @public
 */
export function raiseStatus(shown: MessageStatus | null, next: MessageStatus): MessageStatus {
  if (shown === null || shown === 'sending' || shown === 'failed') return next
  return RANKS[next] > RANKS[shown] ? next : shown
}

/** Wire and database value of a status, 0–3; null for `failed`, which stands beside the line. @public */
export function statusCode(status: MessageStatus): 0 | 1 | 2 | 3 | null {
  return status === 'failed' ? null : STATUS_CODES[status]
}

/** The status with this wire value; null when there is none. @public */
export function statusFromCode(code: number): MessageStatus | null {
  return (Object.keys(STATUS_CODES) as (keyof typeof STATUS_CODES)[])[code] ?? null
}

const RANKS: Readonly<Record<MessageStatus, number>> = { failed: -1, ...STATUS_CODES }
