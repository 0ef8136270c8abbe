import { isCountable, type Message, type UserId } from '../model/index.js'
import type { UnreadReason } from './visibilityRule.js'

/**
 * Why a message does not count as read yet: what the screen says ({@link UnreadReason}), or
 * `own`: it is mine; `neutral`: a notice, recalled or deleted, never counted; `noPlace`: the server has not given it a place yet;
 * `hiddenHere`: deleted on my devices before it was read; `notShown`: no list is showing it.
 * @public
 */
export type WhyUnreadReason = UnreadReason | 'own' | 'neutral' | 'noPlace' | 'hiddenHere' | 'notShown'

/** What is known of a message when it is asked why it is not read. @public */
export interface WhyUnreadContext {
  readonly me: UserId
  /** `readStates.isRead(message)`. */
  readonly isRead: boolean
  /** Of the observer or hook that watches it; absent: nothing does. */
  readonly dwell?: { readonly reasons: readonly UnreadReason[] } | undefined
}

/**
 * The answer to "why is this message not read yet?", in the order in which a person would look.
 * @returns an empty list once it is read; the same array for the same answer
 * @public
 */
export function whyUnread(message: Message, { me, isRead, dwell }: WhyUnreadContext): readonly WhyUnreadReason[] {
  if (isRead) return NONE
  if (message.from === me) return OWN
  if (!isCountable(message, me)) return NEUTRAL
  if (message.at === null) return NO_PLACE
  if (message.hidden) return HIDDEN_HERE
  return dwell ? dwell.reasons : NOT_SHOWN
}

/** One array an answer, so that who compares by identity sees when it changed. */
const NONE: readonly WhyUnreadReason[] = []
const OWN: readonly WhyUnreadReason[] = ['own']
const NEUTRAL: readonly WhyUnreadReason[] = ['neutral']
const NO_PLACE: readonly WhyUnreadReason[] = ['noPlace']
const HIDDEN_HERE: readonly WhyUnreadReason[] = ['hiddenHere']
const NOT_SHOWN: readonly WhyUnreadReason[] = ['notShown']
