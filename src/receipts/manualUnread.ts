/** Pure: a conversation that the user marked as unread. It never moves the read state. */
import type { ManualUnread } from '../model/index.js'

/** Of a conversation that nobody ever marked. */
export const NEVER_MARKED: ManualUnread = Object.freeze({ rev: 0, on: false })

/** The later of two; of two that do not know of each other the one that is on: to see it once too often harms nobody. Commutative, associative and idempotent. */
export function joinManualUnread(a: ManualUnread, b: ManualUnread): ManualUnread {
  if (a.rev !== b.rev) return a.rev > b.rev ? a : b
  return a.on ? a : b
}

/** Marked once more, also where it is marked: whoever does it now does not mean the visit before. */
export function markedUnread({ rev }: ManualUnread): ManualUnread {
  return { rev: rev + 1, on: true }
}

/** The same object where it is not marked. */
export function unmarkedUnread(mark: ManualUnread): ManualUnread {
  return mark.on ? { rev: mark.rev + 1, on: false } : mark
}

/**
 * Whether reading now ends it: only in a visit that began after it was marked. What stands on screen while somebody marks it would take it back at once.
 *
 * @param atEntry - how it was marked when the conversation was opened; null while it is not open here
 */
export function endsByReading(mark: ManualUnread, atEntry: ManualUnread | null): boolean {
  return mark.on && (atEntry === null || (atEntry.on && atEntry.rev === mark.rev))
}
