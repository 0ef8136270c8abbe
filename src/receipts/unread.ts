import { comparePoints, isCountable, type Message, type Point, type Progress, type UnreadCount, type UserId } from '../model/index.js'
import { coversMessage } from './coversMessage.js'

/** A count under way. `needMore`: an older page could still change it. @public */
export interface UnreadScan extends UnreadCount {
  readonly needMore: boolean
}

/** Where a count begins. @public */
export const NOTHING_COUNTED: UnreadScan = Object.freeze({ count: 0, exact: true, needMore: true })

/** At this many unread the scan stops and the count is shown as "99+". @public */
export const UNREAD_LIMIT = 100

/**
 * Counts unread messages in one page, newest first, so that a storage can be scanned page by page until `needMore` is false.
 * Own, system, recalled, deleted and hidden messages never count. Everything at or before the read marker's `upTo` is read, so the scan ends there.
 *
 * @param rowsNewestFirst - rows with a point; local echoes are mine and are skipped
 * @param read - my own read state
 * @param soFar - result of the pages before this one
 * @returns at the limit `{ count: limit − 1, exact: false }`
 * @public
 */
export function countUnread(rowsNewestFirst: Iterable<Message>, read: Progress, me: UserId, limit: number = UNREAD_LIMIT, soFar: UnreadScan = NOTHING_COUNTED): UnreadScan {
  if (!soFar.needMore) return soFar
  let { count } = soFar
  for (const message of rowsNewestFirst) {
    if (message.at === null) continue
    if (read.upTo !== null && comparePoints(message.at, read.upTo) <= 0) return { count, exact: soFar.exact, needMore: false }
    if (!isCountable(message, me) || message.hidden || coversMessage(read, message)) continue
    count += 1
    if (count >= limit) return { count: limit - 1, exact: false, needMore: false }
  }
  return { count, exact: soFar.exact, needMore: true }
}

/** The finished count: inexact where history above the read marker is missing. A gap with `before: null` reaches up to what comes next. @public */
export function finishUnread(scan: UnreadCount, read: Progress, gaps: readonly { readonly before: Point | null }[] = []): UnreadCount {
  const missing = gaps.some(({ before }) => before === null || read.upTo === null || comparePoints(before, read.upTo) > 0)
  return { count: scan.count, exact: scan.exact && !missing }
}
