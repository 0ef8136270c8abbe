import type { Message, MessageStatus, Stop } from '../model/index.js'
import type { Tally } from './tallyTypes.js'

/**
 * Live read state for the rows of a list. Every getter returns the same value (or object) until it really changed,
 * so that a row re-renders only for its own change. Listeners are told at most once a frame.
 * @public
 */
export interface ReadStateSource {
  /** Status of an own message; null for somebody else's. Once shown, it never falls. */
  getStatus(message: Message): MessageStatus | null
  getTally(message: Message): Tally
  /** Whether I have read it, or it counts as read: cleared, or told by another device of mine. */
  isRead(message: Message): boolean
  /**
   * Whether nobody has to look at it here any more: I read it on this device, or others were told by another one. Of what was only cleared, or told to
   * my own devices alone, that is false: a list watches it still. Absent = as {@link ReadStateSource.isRead}.
   */
  isSeen?(message: Message): boolean
  subscribe(listener: () => void): Stop
}
