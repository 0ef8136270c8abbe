import fc from 'fast-check'
import { ChatError, countRequestsToday, createReceiptPolicy, isReceiptExpired, mayRequestReceipt, newestDetails, requireReceiptRequest, whyRequestRefused, type ReceiptRequest } from 'readback'
import { describe, expect, it } from 'vitest'
import './arbitraries.js'

const policy = createReceiptPolicy()
const request = (changes: Partial<ReceiptRequest> = {}): ReceiptRequest => ({ conversationId: 'staff', kind: 'group', role: 'owner', memberCount: 12, requestedToday: 0, supported: true, ...changes })

describe('asking for receipts', () => {
  it.each<[string, Partial<ReceiptRequest>, ReturnType<typeof whyRequestRefused>]>([
    ['an owner may', {}, null],
    ['an admin may', { role: 'admin' }, null],
    ['a member may not', { role: 'member' }, 'forbidden'],
    ['500 members are the most', { memberCount: 500 }, null],
    ['501 are too many', { memberCount: 501 }, 'tooLarge'],
    ['the 500th of the day', { requestedToday: 499 }, null],
    ['the 501st of the day', { requestedToday: 500 }, 'dailyLimit'],
    ['a wire without receipts', { supported: false, kind: 'direct' }, 'notEnabled'],
    ['in a direct conversation nobody has to be anything', { kind: 'direct', role: 'member', memberCount: 9_000, requestedToday: 9_000 }, null],
  ])('[RS19] %s', (_title, changes, expected) => {
    expect(whyRequestRefused(request(changes), policy)).toBe(expected)
    expect(mayRequestReceipt(request(changes), policy)).toBe(expected === null)
  })

  it('[RS19] a refusal has a name, and says what to do', () => {
    expect(() => requireReceiptRequest(request({ role: 'member' }), policy)).toThrow(ChatError)
    expect(() => requireReceiptRequest(request({ role: 'member' }), policy)).toThrow(
      'Receipts cannot be asked for in conversation "staff": its members with the role "member" may not; owner and admin may. Let one of them send it, or widen the policy\'s "requesters". Nobody\'s reading would be known.',
    )
    const codeOf = (changes: Partial<ReceiptRequest>) => {
      try {
        requireReceiptRequest(request(changes), policy)
        return null
      } catch (error) {
        return [(error as ChatError).code, (error as ChatError).retryable]
      }
    }
    expect([codeOf({}), codeOf({ supported: false }), codeOf({ memberCount: 9_999 }), codeOf({ requestedToday: 500 })]).toEqual([null, ['receipt/notEnabled', false], ['receipt/tooLarge', false], ['receipt/dailyLimit', true]])
  })

  it('[RS19] where nobody may, it says so', () => {
    expect(() => requireReceiptRequest(request(), createReceiptPolicy({ requesters: [] }))).toThrow('its members with the role "owner" may not; nobody may.')
  })

  it('[RS19] a day is the last 24 hours, whatever the time zone', () => {
    const now = Date.UTC(2026, 0, 2)
    expect(countRequestsToday([now, now - 86_399_999, now - 86_400_000, now + 1], now)).toBe(2)
  })

  it('[RS19] receipts are taken for three days, or for ever', () => {
    expect([259_200_000, 259_200_001].map((age) => isReceiptExpired(1_000, 1_000 + age, policy.validForMs))).toEqual([false, true])
    expect(isReceiptExpired(0, Number.MAX_SAFE_INTEGER, null)).toBe(false)
  })
})

describe('newestDetails', () => {
  it('[RS20] beyond the limit the newest takes the place of the oldest, in the order given', () => {
    const details = [3, 1, null, 2].map((time, id) => ({ id, time }))
    expect(newestDetails(details, 2).map(({ id }) => id)).toEqual([0, 3])
    expect(newestDetails(details, 4)).toBe(details)
  })

  it('[RS20] of those of one time the last are kept', () => {
    const details = [{ id: 0, time: 5 }, { id: 1, time: 5 }, { id: 2, time: 5 }]
    expect(newestDetails(details, 1)).toEqual([details[2]])
    expect(newestDetails(details, 2)).toEqual([details[1], details[2]])
  })

  it('[RS20] keeps as many as it may, and none older than one it leaves out', () => {
    fc.assert(fc.property(fc.array(fc.record({ time: fc.option(fc.nat(20), { nil: null }) })), fc.nat(10), (details, most) => {
      const kept = newestDetails(details, most)
      expect(kept).toHaveLength(Math.min(most, details.length))
      const left = details.filter((detail) => !kept.includes(detail))
      const oldest = Math.min(...kept.map(({ time }) => time ?? -1))
      expect(left.every(({ time }) => (time ?? -1) <= oldest)).toBe(true)
    }))
  })
})
