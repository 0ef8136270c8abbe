import type { Reach, ReceiptIndex, ReceiptSubject } from './receiptIndex.js'
import { NOBODY_SILENT, type Silent } from './silence.js'
import type { Tally, UntrackedReason } from './tallyTypes.js'
import { withUnnamed } from './unnamed.js'
import { UNTRACKED } from './untracked.js'

/** What decides whether a number of readers is shown at all. @public */
export interface TallyConditions {
  /** The sender asked for receipts, or they need not be asked for. */
  readonly requested: boolean
  /** The wire carries read receipts for this kind of conversation. */
  readonly supported: boolean
  /** Groups with more members than this have no receipts: the smaller of the policy's and the wire's limit. */
  readonly sizeLimit: number
  /** The user switched receipts off and does not see those of others either. */
  readonly off: boolean
  /** Whether every member is known; else N would be wrong. */
  readonly rosterComplete: boolean
  /** The back end takes no more receipts for this message, and gave none. Default false. */
  readonly expired?: boolean
  /** The message was taken back for all: its receipts stopped counting. Default false. */
  readonly recalled?: boolean
}

/** Why no number can be shown, or null when one can. The first that holds, in this order: recalled, off, unsupported, rosterUnknown, tooLarge, notRequested, expired. @public */
export function untrackedReason(conditions: TallyConditions, memberCount: number): UntrackedReason | null {
  if (conditions.recalled) return 'recalled'
  if (conditions.off) return 'off'
  if (!conditions.supported) return 'unsupported'
  if (!conditions.rosterComplete) return 'rosterUnknown'
  if (memberCount > conditions.sizeLimit) return 'tooLarge'
  if (!conditions.requested) return 'notRequested'
  return conditions.expired ? 'expired' : null
}

/**
 * How many read a message.
 * @param countAtLeast - readers that the wire counted without naming them; X is the greater of both, and N has room for those of them who may have left, or are not waited for
 * @param silent - who is not waited for: {@link silentIn}
 * @public
 */
export function tallyOf(index: ReceiptIndex, subject: ReceiptSubject, conditions: TallyConditions, countAtLeast = 0, silent: Silent = NOBODY_SILENT): Tally {
  const reason = untrackedReason(conditions, index.size)
  if (reason !== null) return UNTRACKED[reason]
  const { of, deliveredOf, ...reach } = index.reach(subject)
  return tallyFromReach({ ...reach, of: of - silent.unread, deliveredOf: deliveredOf - silent.undelivered }, countAtLeast, countAtLeast > reach.read ? index.countAudience(subject) : 0)
}

/**
 * A tally from counts that are known already.
 * @param audience - how many the message was for, those who left since and those who are not waited for included: among them may be who was only counted. Default: nobody but those in N
 * @public
 */
export function tallyFromReach({ delivered, read, viewed, of, deliveredOf }: Reach, countAtLeast = 0, audience = 0): Tally {
  const counted = withUnnamed({ read, of }, countAtLeast, audience)
  const x = counted.read
  return { tracked: true, read: x, of: counted.of, delivered: Math.max(delivered, x), viewed, deliveredOf: withUnnamed({ read: delivered, of: deliveredOf }, x, audience).of }
}

/** `shown` itself when `next` says the same, so that a row which compares by identity does not render again. @public */
export function keepTally(shown: Tally | undefined, next: Tally): Tally {
  if (shown === undefined || shown === next || !shown.tracked || !next.tracked) return next
  return shown.read === next.read && shown.of === next.of && shown.delivered === next.delivered && shown.viewed === next.viewed && shown.deliveredOf === next.deliveredOf ? shown : next
}
