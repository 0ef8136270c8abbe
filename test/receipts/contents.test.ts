/** What members say with receipts of single messages, joined as facts. */
import fc from 'fast-check'
import { emptyMemberState, joinMemberStates, type ContentFact, type MemberState } from 'readback'
import { describe, expect, it } from 'vitest'
import { contentOfMessage, joinContents, withContents } from '../../src/receipts/contents.js'
import { MAX_TIMES, withKeptTimes } from '../../src/receipts/keptTimes.js'
import { packState, unpackState } from '../../src/storage/rows/packedState.js'
import { aPoint, at, textAt } from './arbitraries.js'

const aFact: fc.Arbitrary<ContentFact> = fc.record({ at: aPoint, content: fc.constantFrom('no', 'yes', 'یک'), time: fc.nat(3) }, { requiredKeys: ['at', 'content'] })
const facts = fc.array(aFact, { maxLength: 8 }).map((list) => joinContents([], list))
const said = (...contents: readonly ContentFact[]): MemberState => withContents(emptyMemberState('ann'), contents)

describe('what was said with receipts', () => {
  it('[RS34] is joined in any order, any number of times, to the same bytes', () => {
    fc.assert(fc.property(facts, facts, facts, (a, b, c) => {
      expect(joinContents(a, b)).toEqual(joinContents(b, a))
      expect(joinContents(joinContents(a, b), c)).toEqual(joinContents(a, joinContents(b, c)))
      expect(joinContents(joinContents(a, b), b)).toEqual(joinContents(a, b))
      expect(joinContents(a, a)).toBe(a)
      const [left, right] = [said(...a), said(...b)]
      expect(joinMemberStates(left, right).contents ?? []).toEqual(joinMemberStates(right, left).contents ?? [])
    }))
  })

  it('[RS34] [RS30] of a message that stands twice what was said first counts, at whichever of its places', () => {
    const twice = { ...textAt(at(1)), otherPlaces: [at(3)] }
    const of = (here: number, there: number) => contentOfMessage(said({ at: at(1), content: 'here', time: here }, { at: at(2), content: 'elsewhere', time: 0 }, { at: at(3), content: 'there', time: there }), twice)
    expect([of(1, 2), of(2, 1), contentOfMessage(emptyMemberState('ann'), twice)]).toEqual(['here', 'there', undefined])
  })

  it('[RS34] of one message the earliest stays, whose time is unknown last, and of those as early the lesser text', () => {
    const of = (...list: readonly Omit<ContentFact, 'at'>[]) => contentOfMessage(said(...list.map((each) => ({ at: at(1), ...each }))), textAt(at(1)))
    expect([of({ content: 'late', time: 9 }, { content: 'soon', time: 2 }), of({ content: 'a' }, { content: 'z', time: 9 }), of({ content: 'no', time: 4 }, { content: 'yes', time: 4 })]).toEqual(['soon', 'z', 'no'])
  })

  it('[RS34] is of its message alone, at whichever of its places it was said', () => {
    const state = said({ at: at(1), content: 'one', time: 5 }, { at: at(7), content: 'seven', time: 2 })
    expect([at(1), at(2), at(7)].map((place) => contentOfMessage(state, textAt(place)))).toEqual(['one', undefined, 'seven'])
    expect(contentOfMessage(state, textAt(at(1), 'bob', { otherPlaces: [at(7)] }))).toBe('seven')
    expect(contentOfMessage(state, textAt(null))).toBeUndefined()
  })

  it('[RS34] [RS20] of too many those of the oldest messages are let go of, and nothing moves when one comes again', () => {
    const many = Array.from({ length: MAX_TIMES + 7 }, (_, n): ContentFact => ({ at: at(n), content: `${n}`, time: n }))
    const all = many.reduce((state, fact) => withKeptTimes(state, withContents(state, [fact])), emptyMemberState('ann'))
    expect(all.contents).toEqual(many.slice(7))
    expect(withKeptTimes(all, withContents(all, [many[0]!]))).toBe(all)
    expect(withKeptTimes(emptyMemberState('ann'), said(...many))).toEqual(all)
    expect(withKeptTimes(emptyMemberState('ann'), said(many[0]!))).toEqual(said(many[0]!))
  })

  it('[RS34] is stored with the state, and a state in which it is none is refused', () => {
    const state = said({ at: at(1), content: 'yes', time: 5 }, { at: at(2), content: 'no' })
    expect(unpackState('ann', packState(state))).toEqual(state)
    expect(unpackState('ann', packState({ ...state, contents: [{ at: at(1), content: 7 }] as never }))).toBeNull()
  })
})
