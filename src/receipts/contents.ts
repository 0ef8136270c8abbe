/** What a member said with receipts of single messages: facts beside how far they got, as times are. Never split, never merged. */
import { firstIndex } from '../model/firstIndex.js'
import { comparePoints, type Message, type Point } from '../model/index.js'
import { placesOf } from '../model/placesOf.js'
import type { ContentFact, MemberState } from './readState.js'

/** Longest content that is taken, UTF-16 code units: a word beside a tick. A member may have five hundred of them, in a row that is written whole; what is longer is a message. */
export const MAX_CONTENT_CHARS = 256

export const NO_CONTENTS: readonly ContentFact[] = Object.freeze([])

/**
 * Both lists, in the order of places. Of two of one message the earlier stays, and of those as early the lesser text, so the result is the same in any order of joining.
 *
 * @returns `facts` itself when `more` adds nothing
 */
export function joinContents(facts: readonly ContentFact[], more: readonly ContentFact[]): readonly ContentFact[] {
  let joined = facts
  for (const fact of more) {
    const place = firstIndex(joined, ({ at }) => comparePoints(at, fact.at) >= 0)
    const known = joined[place]
    const isKnown = known !== undefined && comparePoints(known.at, fact.at) === 0
    if (isKnown && !isBefore(fact, known)) continue
    joined = [...joined.slice(0, place), fact, ...joined.slice(isKnown ? place + 1 : place)]
  }
  return joined
}

/** Which of two that one member said of one message stays. Of unknown time = later than any other. */
export function isBefore(a: Omit<ContentFact, 'at'>, b: Omit<ContentFact, 'at'>): boolean {
  const [first, second] = [a.time ?? Infinity, b.time ?? Infinity]
  return first === second ? a.content < b.content : first < second
}

/** @returns the same object when nothing new was said */
export function withContents(state: MemberState, more: readonly ContentFact[] = NO_CONTENTS): MemberState {
  const before = state.contents ?? NO_CONTENTS
  const contents = joinContents(before, more)
  return contents === before ? state : { ...state, contents }
}

/** What the member said of the message, at whichever of its places they did so first. */
export function contentOfMessage({ contents = NO_CONTENTS }: MemberState, message: Pick<Message, 'at' | 'otherPlaces'>): string | undefined {
  const isOf = (places: readonly Point[]) => ({ at }: ContentFact) => places.some((place) => comparePoints(place, at) === 0)
  const said = contents.length === 0 ? [] : contents.filter(isOf(placesOf(message)))
  return said.reduce<ContentFact | undefined>((first, fact) => (first === undefined || isBefore(fact, first) ? fact : first), undefined)?.content
}
