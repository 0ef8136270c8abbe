import { ChatError, createReceiptPolicy, DEFAULT_DWELL_POLICY, DEFAULT_RECEIPT_POLICY, readMeaning, type ReceiptPolicy } from 'readback/core'
import { describe, expect, it } from 'vitest'

describe('createReceiptPolicy', () => {
  it('lays changes over the defaults', () => {
    expect(createReceiptPolicy()).toEqual(DEFAULT_RECEIPT_POLICY)
    expect(createReceiptPolicy({ dwellMs: 500, groupStatus: { atLeast: 3 } })).toEqual({ ...DEFAULT_RECEIPT_POLICY, dwellMs: 500, groupStatus: { atLeast: 3 } })
    expect(DEFAULT_RECEIPT_POLICY).toMatchObject(DEFAULT_DWELL_POLICY)
  })

  it('[RS19] has the defaults of the sources: asked for by owner and admins, 3 days, 500 members, 500 a day, 500 details', () => {
    expect(DEFAULT_RECEIPT_POLICY).toMatchObject({ requesters: ['owner', 'admin'], validForMs: 259_200_000, maxGroupSize: 500, maxRequestsPerDay: 500, maxDetails: 500, reciprocal: false })
  })

  it('[RD4] reads by default after 800 ms of half a message, in a window that has the focus, with or without a touch', () => {
    expect(DEFAULT_DWELL_POLICY).toEqual({ dwellMs: 800, visibleFraction: 0.5, requireFocus: true, idleAfterMs: null })
  })

  it('says what is wrong, why it matters and what to do', () => {
    const make = () => createReceiptPolicy({ dwellMs: NaN })
    expect(make).toThrow(ChatError)
    expect(make).toThrow('Receipt policy "dwellMs" is NaN, and must be a number from 0 to 600000. With it messages would be reported as read that were not, or never. Leave it out to use the default.')
    expect(() => createReceiptPolicy({ onOpen: { direct: 'all', group: 'all' } })).toThrow(
      'Receipt policy "onOpen.group" is "all", and must be "dwell". With it messages would be reported as read that were not, or never. Leave it out to use the default.',
    )
  })

  it.each<[string, Partial<ReceiptPolicy>]>([
    ['visibleFraction', { visibleFraction: 0 }],
    ['visibleFraction', { visibleFraction: 1.1 }],
    ['maxFlushMs', { flushMs: 900, maxFlushMs: 300 }],
    ['maxBatch', { maxBatch: 0 }],
    ['maxGroupSize', { maxGroupSize: 1 }],
    ['groupStatus.atLeast', { groupStatus: { atLeast: 0 } }],
    ['groupStatus', { groupStatus: 'most' as 'any' }],
    ['groupReceipts', { groupReceipts: 'never' as 'asWire' }],
    ['requesters', { requesters: ['boss' as 'owner'] }],
    ['validForMs', { validForMs: -1 }],
    ['validForMs', { validForMs: Infinity }],
    ['silentAfterMs', { silentAfterMs: 0 }],
    ['maxRequestsPerDay', { maxRequestsPerDay: NaN }],
    ['maxDetails', { maxDetails: 0 }],
    ['readMode.group', { readMode: { direct: 'upTo', group: 'all' as 'upTo' } }],
  ])('refuses a wrong %s with a code', (name, changes) => {
    expect(() => createReceiptPolicy(changes)).toThrow(expect.objectContaining({ code: 'policy/invalid', retryable: false, message: expect.stringContaining(`"${name}"`) }))
  })
})

describe('what "read" says', () => {
  it('[RD13] seen message by message, else reached', () => {
    const means = (changes: Partial<ReceiptPolicy>) => {
      const policy = createReceiptPolicy(changes)
      return [readMeaning(policy, 'direct'), readMeaning(policy, 'group')]
    }
    expect(means({})).toEqual(['reached', 'seen'])
    expect(means({ readMode: { direct: 'perMessage', group: 'perMessage' } })).toEqual(['seen', 'seen'])
    expect(means({ readMode: { direct: 'perMessage', group: 'upTo' }, onOpen: { direct: 'all', group: 'dwell' } })).toEqual(['reached', 'reached'])
  })
})
