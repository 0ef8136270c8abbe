/** What others said with receipts, where it comes or goes without one: a file brings it, and a deletion for good takes it. */
import { comparePoints, type ConversationId, type Message } from '../model/index.js'
import { placesOf } from '../model/placesOf.js'
import { MAX_CONTENT_CHARS, NO_CONTENTS, withContents } from '../receipts/contents.js'
import { hasReached, type MemberState } from '../receipts/index.js'
import { withKeptTimes } from '../receipts/keptTimes.js'
import type { StorageTx } from '../storage/index.js'
import { noteMemberState, type Changes } from './changes.js'

/**
 * Of messages that they have reached by what is here, and of nobody who is not here.
 * @param brought - as the file has them; how far they got is joined already
 */
export async function addContents(tx: StorageTx, id: ConversationId, brought: readonly MemberState[], changes: Changes): Promise<void> {
  for (const { memberId, contents = NO_CONTENTS } of brought) {
    const before = contents.length > 0 && (await tx.readStates.get(id, memberId))
    if (!before) continue
    const known = contents.filter(({ at, content }) => content.length <= MAX_CONTENT_CHARS && hasReached(before, 'delivered', at))
    const next = withKeptTimes(before, withContents(before, known))
    if (next === before) continue
    await tx.readStates.put(id, [next])
    noteMemberState(changes, id, next)
  }
}

/** Of a message of which nothing is to be left. How far somebody got stays: that is said of a place. */
export async function forgetContents(tx: StorageTx, message: Message): Promise<void> {
  const places = placesOf(message)
  const states = (await tx.readStates.list(message.conversationId)).flatMap((state) => {
    const { contents = NO_CONTENTS } = state
    const kept = contents.filter(({ at }) => !places.some((place) => comparePoints(place, at) === 0))
    return kept.length === contents.length ? [] : [{ ...state, contents: kept }]
  })
  if (states.length > 0) await tx.readStates.put(message.conversationId, states)
}
