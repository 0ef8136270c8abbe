import { RECEIPT_KINDS } from '../model/receiptKinds.js'
import { sameItems } from '../model/sameItems.js'
import { NO_CONTENTS } from './contents.js'
import type { MemberState } from './readState.js'

/** Times kept of one member and kind, and contents of one member; beyond, those of the oldest messages go, and are unknown. Who read what is kept elsewhere, whole. */
export const MAX_TIMES = 500

/**
 * A state as it is stored: with no more times and contents than are kept. Joining lets go of nothing; where it did, what an earlier and wider time makes needless would count
 * on one device and not on another. What was let go of is gone here all the same.
 *
 * @param before - what is stored
 * @returns `before` itself when all that is new is let go of again; `next` itself when there is room
 */
export function withKeptTimes(before: MemberState, next: MemberState): MemberState {
  const said = next.contents ?? NO_CONTENTS
  if (said.length <= MAX_TIMES && RECEIPT_KINDS.every((kind) => next.times[kind].length <= MAX_TIMES)) return next
  const kept = (kind: keyof MemberState['times']) => newest(before.times[kind], next.times[kind])
  const times = { delivered: kept('delivered'), read: kept('read'), viewed: kept('viewed') }
  const saidBefore = before.contents ?? NO_CONTENTS
  const contents = newest(saidBefore, said)
  const isSame = contents === saidBefore && RECEIPT_KINDS.every((kind) => next[kind] === before[kind] && times[kind] === before.times[kind])
  return isSame ? before : { ...next, times, ...(contents.length > 0 && { contents }) }
}

function newest<Fact>(before: readonly Fact[], next: readonly Fact[]): readonly Fact[] {
  if (next.length <= MAX_TIMES) return next
  const kept = next.slice(-MAX_TIMES)
  return sameItems(kept, before) ? before : kept
}
