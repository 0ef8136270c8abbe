import fc from 'fast-check'
import { applyReceipt, emptyMemberState, isSilent, silentIn, tallyOf, withoutSilent, type Member, type MemberState, type Message, type TallyConditions } from 'readback'
import { describe, expect, it } from 'vitest'
import { createReceiptIndex } from '../../src/receipts/receiptIndex.js'
import { lastingSigns } from '../../src/receipts/silence.js'
import { at, textAt } from './arbitraries.js'

const AFTER_MS = 1_000
const member = (userId: string, intervals: Member['intervals'] = [{ joinedAt: null, leftAt: null }]): Member => ({ userId, role: 'member', intervals })
/** Reads one message after the other. */
const state = (memberId: string, reads: readonly (readonly [order: number, time: number])[]): MemberState =>
  reads.reduce((each, [order, time]) => applyReceipt(each, { kind: 'read', upTo: at(order), time }), emptyMemberState(memberId))

describe('who is silent', () => {
  it('[RS21] is who gave no sign of life for so long before the message was sent', () => {
    const ann = state('ann', [[1, 500]])
    expect([isSilent(ann.times, 1_500, AFTER_MS), isSilent(ann.times, 1_501, AFTER_MS)]).toEqual([false, true])
    expect(isSilent(applyReceipt(emptyMemberState('ann'), { kind: 'delivered', upTo: at(1), time: 500 }).times, 1_501, AFTER_MS)).toBe(true)
  })

  it('[RS21] is nobody who gave a sign at the very moment of sending', () => {
    expect(isSilent(state('ann', [[1, 100], [2, 5_000]]).times, 5_000, AFTER_MS)).toBe(false)
  })

  it('[RS21] is fixed with the message: who comes back counts for what is sent from then on', () => {
    const back = state('ann', [[1, 500], [2, 9_000]])
    expect([isSilent(back.times, 5_000, AFTER_MS), isSilent(back.times, 9_500, AFTER_MS)]).toEqual([true, false])
  })

  it('[RS21] is nobody who was never heard of, and nobody where the policy knows no silence', () => {
    expect([isSilent(undefined, 1e12, AFTER_MS), isSilent(emptyMemberState('ann').times, 1e12, AFTER_MS), isSilent(state('ann', [[1, 0]]).times, 1e12, null)]).toEqual([false, false, false])
  })
})

describe('a message in a group with silent members', () => {
  const sent = { ...textAt(at(5), 'me'), time: 10_000 }
  const members = [member('me'), member('ann'), member('bob'), member('cat'), member('dee'), member('eve', [{ joinedAt: null, leftAt: at(6) }])]
  const index = createReceiptIndex()
  index.setRoster(members)
  // Ann reads on; Bob was last heard of long ago; Cat too, and read it all the same; nobody has heard of Dee; Eve left unread.
  const states = [state('ann', [[4, 9_900]]), state('bob', [[2, 100]]), state('cat', [[2, 100], [5, 20_000]]), state('eve', [[2, 100]])]
  index.setStates(states)
  const stateOf = (userId: string) => states.find(({ memberId }) => memberId === userId)
  const silent = (message: Message, silentAfterMs: number | null) => silentIn(index, message, members, (userId) => stateOf(userId)?.times, silentAfterMs)

  it('[RS21] waits for neither, and its readers stay', () => {
    expect(silent(sent, AFTER_MS)).toEqual({ unread: 1, undelivered: 1 })
    const conditions: TallyConditions = { requested: true, supported: true, sizeLimit: 500, off: false, rosterComplete: true }
    expect(tallyOf(index, sent, conditions)).toMatchObject({ read: 1, of: 4, deliveredOf: 4 })
    expect(tallyOf(index, sent, conditions, 0, silent(sent, AFTER_MS))).toMatchObject({ read: 1, of: 3, deliveredOf: 3 })
    expect(silent(sent, null)).toEqual({ unread: 0, undelivered: 0 })
  })

  it('[RS21] lists those it waits for', () => {
    const of = (silentAfterMs: number | null) => withoutSilent(['ann', 'bob', 'cat', 'dee'], sent, silentAfterMs, stateOf)
    expect([of(AFTER_MS), of(null)]).toEqual([['ann', 'cat', 'dee'], ['ann', 'bob', 'cat', 'dee']])
  })

  it('[RS21] waits for everybody while the server gave it no time', () => {
    const untimed: Message = { ...sent, untimed: true }
    expect([silent(untimed, AFTER_MS), withoutSilent(['ann', 'bob'], untimed, AFTER_MS, stateOf)]).toEqual([{ unread: 0, undelivered: 0 }, ['ann', 'bob']])
  })

  it('[RS21] [RS30] waits for nobody who read it where else it stands', () => {
    const twice: Message = { ...sent, at: at(7), otherPlaces: [at(5)] }
    expect([silent({ ...twice, otherPlaces: [at(6)] }, AFTER_MS), silent(twice, AFTER_MS)]).toEqual([{ unread: 2, undelivered: 2 }, { unread: 1, undelivered: 1 }])
    expect(withoutSilent(['bob', 'cat'], twice, AFTER_MS, stateOf)).toEqual(['cat'])
  })

  it('[RS21] before it has a place everybody silent is left out', () => {
    expect(silent({ ...sent, at: null }, AFTER_MS)).toEqual({ unread: 2, undelivered: 2 })
  })
})

describe('signs of life that are kept', () => {
  it('[RS21] are few, and say of every moment what all of them said', () => {
    const aTime = fc.integer({ min: 0, max: 8_000 })
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('delivered' as const, 'read' as const, 'viewed' as const), aTime), { maxLength: 30 }), aTime, (signs, sentAt) => {
      const of = (kind: 'delivered' | 'read' | 'viewed') => signs.flatMap(([each, time], n) => (each === kind ? { from: at(n), to: at(n), time } : []))
      const all = { delivered: of('delivered'), read: of('read'), viewed: of('viewed') }
      const kept = lastingSigns(all, AFTER_MS)
      const left = { delivered: all.delivered.filter((sign) => kept.has(sign)), read: all.read.filter((sign) => kept.has(sign)), viewed: all.viewed.filter((sign) => kept.has(sign)) }
      expect(isSilent(left, sentAt, AFTER_MS)).toBe(isSilent(all, sentAt, AFTER_MS))
      expect(kept.size).toBeLessThanOrEqual(18)
    }))
  })
})
