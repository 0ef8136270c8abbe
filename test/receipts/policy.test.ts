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

  it('has nothing but these defaults', () => {
    expect(DEFAULT_RECEIPT_POLICY).toEqual({
      dwellMs: 800, visibleFraction: 0.5, requireFocus: true, idleAfterMs: null, readMode: { direct: 'upTo', group: 'perMessage' }, onOpen: { direct: 'dwell', group: 'dwell' }, groupStatus: 'all',
      flushMs: 300, maxFlushMs: 1_000, maxBatch: 250, maxGroupSize: 500, groupReceipts: 'asWire', requesters: ['owner', 'admin'], validForMs: 259_200_000, maxRequestsPerDay: 500, maxDetails: 500,
      archiveAfterMs: 2_592_000_000, silentAfterMs: null, reciprocal: false,
    })
  })

  const YEARS_10 = 10 * 366 * 86_400_000
  it.each<[keyof ReceiptPolicy, number, number, number]>([
    ['dwellMs', 0, 600_000, 1],
    ['visibleFraction', 0.01, 1, Number.EPSILON],
    ['maxFlushMs', 300, 60_000, 301],
    ['maxBatch', 1, 10_000, 1],
    ['maxGroupSize', 2, 1_000_000, 1],
    ['maxRequestsPerDay', 0, 1_000_000, 1],
    ['maxDetails', 1, 1_000_000, 1],
    ['idleAfterMs', 1_000, 86_400_000, 1],
    ['validForMs', 1_000, YEARS_10 / 10, 1],
    ['archiveAfterMs', 1_000, YEARS_10, 1],
    ['silentAfterMs', 1_000, YEARS_10, 1],
  ])('%s is at least %d and at most %d', (name, least, most, step) => {
    const of = (value: number) => () => createReceiptPolicy({ [name]: value })[name]
    expect([of(least)(), of(most)()]).toEqual([least, most])
    expect(of(least - step)).toThrow(`Receipt policy "${name}" is ${least - step}`)
    expect(of(most + step)).toThrow(`Receipt policy "${name}" is ${most + step}`)
  })

  it('both windows of a batch may be a minute', () => {
    expect(createReceiptPolicy({ flushMs: 60_000, maxFlushMs: 60_000 })).toMatchObject({ flushMs: 60_000, maxFlushMs: 60_000 })
    expect(() => createReceiptPolicy({ flushMs: 60_001, maxFlushMs: 60_001 })).toThrow('"flushMs" is 60001, and must be a number from 0 to 60000.')
    expect(createReceiptPolicy({ flushMs: 0 }).flushMs).toBe(0)
    expect(() => createReceiptPolicy({ flushMs: -1 })).toThrow('"flushMs" is -1, and must be a number from 0 to 60000.')
  })

  it('of two windows that do not go together both are named, whichever was set', () => {
    expect(() => createReceiptPolicy({ flushMs: 2_000 })).toThrow('"flushMs" is 2000, and must be at most "maxFlushMs", 1000.')
    expect(() => createReceiptPolicy({ maxFlushMs: 200 })).toThrow('"flushMs" is 300, and must be at most "maxFlushMs", 200.')
    expect(createReceiptPolicy({ flushMs: 2_000, maxFlushMs: 2_000 })).toMatchObject({ flushMs: 2_000, maxFlushMs: 2_000 })
  })

  it('is a copy: what its caller changes later changes nothing, nor does anybody else', () => {
    const changes = { readMode: { direct: 'upTo', group: 'upTo' }, onOpen: { direct: 'all', group: 'dwell' }, groupStatus: { atLeast: 3 }, requesters: ['owner', 'owner', 'member'] } as const
    const policy = createReceiptPolicy(changes)
    const before = structuredClone(policy)
    expect(before).toMatchObject({ ...changes, requesters: ['owner', 'member'] })
    Object.assign(changes.readMode, { group: 'nonsense' })
    Object.assign(changes.groupStatus, { atLeast: 0 })
    ;(changes.requesters as unknown as string[]).push('boss')
    expect(policy).toEqual(before)
    for (const each of [policy, policy.readMode, policy.onOpen, policy.groupStatus, policy.requesters, DEFAULT_RECEIPT_POLICY, DEFAULT_RECEIPT_POLICY.requesters, createReceiptPolicy().readMode]) expect(Object.isFrozen(each)).toBe(true)
  })

  it.each<[string, unknown]>([
    ['a Map', new Map([['dwellMs', 5_000]])], ['a Date', new Date(0)], ['a list', []], ['inherited', Object.create({ dwellMs: 5_000 })], ['of a class', new (class { dwellMs = 5_000 })()],
  ])('settings that are %s would be overlooked, and are refused', (_what, none) => {
    expect(() => createReceiptPolicy(none as object)).toThrow('Receipt policy "changes" is an object, and must be settings by name.')
    for (const name of ['readMode', 'onOpen', 'groupStatus']) expect(() => createReceiptPolicy({ [name]: none })).toThrow(`Receipt policy "${name}" is an object, and must be settings by name.`)
  })

  it('settings without a prototype are settings', () => {
    expect(createReceiptPolicy(Object.assign(Object.create(null), { dwellMs: 500 })).dwellMs).toBe(500)
  })

  it('"at least" is one to a million', () => {
    for (const atLeast of [1, 1_000_000]) expect(createReceiptPolicy({ groupStatus: { atLeast } }).groupStatus).toEqual({ atLeast })
    for (const atLeast of [0, 1_000_001]) expect(() => createReceiptPolicy({ groupStatus: { atLeast } })).toThrow(`"groupStatus.atLeast" is ${atLeast}`)
  })

  it.each<[string, object]>([
    ['"readMode.direct" is "all", and must be "upTo" or "perMessage".', { readMode: { direct: 'all', group: 'upTo' } }],
    ['"onOpen.direct" is "none", and must be "dwell" or "all".', { onOpen: { direct: 'none', group: 'dwell' } }],
    ['"requesters" is an object, and must be a list of them.', { requesters: {} }],
    ['"requesters" is an object, and must be a list of them.', { requesters: () => [] }],
    ['"groupReceipts" is undefined, and must be "asWire" or "onRequest".', { groupReceipts: undefined }],
    ['"reciprocal" is 1, and must be false or true.', { reciprocal: 1 }],
    ['"maxDetails" is 1.5, and must be a whole number from 1 to 1000000.', { maxDetails: 1.5 }],
    ['"groupStatus.atLeast" is null, and must be a whole number from 1 to 1000000.', { groupStatus: { atLeast: null } }],
    ['"name in readMode" is "grupp", and must be "direct" or "group".', { readMode: { direct: 'upTo', group: 'upTo', grupp: 'upTo' } }],
    ['"name in onOpen" is "0", and must be "direct" or "group".', { onOpen: { direct: 'all', group: 'dwell', 0: 'dwell' } }],
    ['"name in groupStatus" is "atleast", and must be "atLeast".', { groupStatus: { atLeast: 1, atleast: 2 } }],
    ['"groupStatus" is null, and must be "all" or "any".', { groupStatus: null }],
    ['"name in changes" is "dwelMs", and must be "dwellMs" or "visibleFraction" or "requireFocus" or', { dwelMs: 500 }],
  ])('says %s', (message, changes) => {
    expect(() => createReceiptPolicy(changes)).toThrow(`Receipt policy ${message}`)
  })

  it('[RD4] reads by default after 800 ms of half a message, in a window that has the focus, with or without a touch', () => {
    expect(DEFAULT_DWELL_POLICY).toEqual({ dwellMs: 800, visibleFraction: 0.5, requireFocus: true, idleAfterMs: null })
  })

  it('says what is wrong, why it matters and what to do', () => {
    const make = () => createReceiptPolicy({ dwellMs: NaN })
    expect(make).toThrow(ChatError)
    expect(make).toThrow('Receipt policy "dwellMs" is NaN, and must be a number from 0 to 600000. Receipts would be wrong. Leave it out for the default.')
    expect(() => createReceiptPolicy({ onOpen: { direct: 'all', group: 'all' } })).toThrow(
      'Receipt policy "onOpen.group" is "all", and must be "dwell". Receipts would be wrong. Leave it out for the default.',
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
