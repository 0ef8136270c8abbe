import fc from 'fast-check'
import { neededReaders, raiseStatus, statusCode, statusFromCode, statusOf, type GroupStatusRule, type MessageStatus } from 'readback/core'
import { describe, expect, it } from 'vitest'
import './arbitraries.js'

const LINE = ['sending', 'sent', 'delivered', 'read'] as const
const aStatus: fc.Arbitrary<MessageStatus> = fc.constantFrom('failed', ...LINE)
const aRule: fc.Arbitrary<GroupStatusRule> = fc.oneof(fc.constantFrom('any' as const, 'all' as const), fc.record({ atLeast: fc.integer({ min: 0, max: 8 }) }))
const reach = (read: number, delivered: number, of: number) => ({ read, delivered, of, viewed: 0 })

describe('statusOf', () => {
  it.each<[string, GroupStatusRule, ReturnType<typeof reach>, MessageStatus]>([
    ['nobody yet', 'all', reach(0, 0, 3), 'sent'],
    ['delivered to some is not delivered to all', 'all', reach(0, 2, 3), 'sent'],
    ['delivered to all', 'all', reach(2, 3, 3), 'delivered'],
    ['read by all', 'all', reach(3, 3, 3), 'read'],
    ['read by one is enough for any', 'any', reach(1, 1, 3), 'read'],
    ['delivered to one is enough for any', 'any', reach(0, 1, 3), 'delivered'],
    ['at least two', { atLeast: 2 }, reach(1, 2, 3), 'delivered'],
    ['at least two, read', { atLeast: 2 }, reach(2, 2, 3), 'read'],
    ['at least more than there are means all', { atLeast: 9 }, reach(3, 3, 3), 'read'],
    ['at least none means one', { atLeast: 0 }, reach(0, 0, 3), 'sent'],
    ['an empty audience stays sent', 'all', reach(0, 0, 0), 'sent'],
    ['an empty audience stays sent for any', 'any', reach(0, 0, 0), 'sent'],
    ['read implies delivered without an event of its own', 'all', reach(1, 0, 1), 'read'],
  ])('[RS10] %s', (_title, rule, counts, expected) => {
    expect(statusOf({ from: 'me' }, { me: 'me', kind: 'group', rule, reach: counts })).toBe(expected)
  })

  it('[RS10] one other member is enough to have it, and "at least one" means one', () => {
    expect(statusOf({ from: 'me' }, { me: 'me', kind: 'direct', rule: 'all', reach: reach(0, 1, 1) })).toBe('delivered')
    expect(neededReaders({ atLeast: 1 }, 3)).toBe(1)
  })

  it('[RS10] who left with the message still has it, and does not stand in for who has not', () => {
    const status = (counts: object) => statusOf({ from: 'me' }, { me: 'me', kind: 'group', rule: 'all', reach: { ...reach(0, 2, 2), ...counts } })
    expect(status({ deliveredOf: 3 })).toBe('sent')
    expect(status({ of: 0, deliveredOf: 2 })).toBe('delivered')
  })

  it('[RS10] a direct conversation asks its one other member, whatever the group rule', () => {
    expect(statusOf({ from: 'me' }, { me: 'me', kind: 'direct', rule: { atLeast: 5 }, reach: reach(1, 1, 1) })).toBe('read')
    // A wire may have an assistant in it as well.
    expect(statusOf({ from: 'me' }, { me: 'me', kind: 'direct', rule: 'all', reach: reach(1, 1, 2) })).toBe('read')
  })

  it('[RS10] an untracked message is sent; one that is not accepted is sending or failed; others have none', () => {
    const context = { me: 'me', kind: 'group', rule: 'any', reach: reach(3, 3, 3) } as const
    expect(statusOf({ from: 'me' }, { ...context, reach: { tracked: false, reason: 'tooLarge' } })).toBe('sent')
    expect(statusOf({ from: 'me', outgoing: 'sending' }, context)).toBe('sending')
    expect(statusOf({ from: 'me', outgoing: 'failed' }, context)).toBe('failed')
    expect(statusOf({ from: 'bob' }, context)).toBeNull()
  })

  it('[RS10] never falls while readers only come', () => {
    fc.assert(
      fc.property(aRule, fc.nat(8), fc.nat(8), fc.nat(8), fc.nat(8), fc.nat(8), (rule, of, r1, r2, d1, d2) => {
        const at = (read: number, delivered: number) => statusOf({ from: 'me' }, { me: 'me', kind: 'group', rule, reach: reach(Math.min(read, of), Math.min(delivered, of), of) }) as MessageStatus
        expect(statusCode(at(r1 + r2, d1 + d2))).toBeGreaterThanOrEqual(statusCode(at(r1, d1)) as number)
        expect(neededReaders(rule, of)).toBeLessThanOrEqual(of)
      }),
    )
  })
})

describe('raiseStatus', () => {
  it('[RS11] never shows less than was shown, except that what is not accepted may fail and be tried again', () => {
    fc.assert(
      fc.property(fc.array(aStatus, { minLength: 1, maxLength: 12 }), (computed) => {
        let shown: MessageStatus | null = null
        for (const next of computed) {
          const before: MessageStatus | null = shown
          shown = raiseStatus(shown, next)
          if (before === null || before === 'failed' || before === 'sending') expect(shown).toBe(next)
          else expect(statusCode(shown)).toBeGreaterThanOrEqual(statusCode(before) as number)
        }
      }),
    )
  })

  it.each<[MessageStatus, MessageStatus, MessageStatus]>([
    ['sending', 'failed', 'failed'], ['failed', 'sending', 'sending'], ['failed', 'sent', 'sent'],
    ['sent', 'failed', 'sent'], ['sent', 'sending', 'sent'], ['read', 'delivered', 'read'], ['delivered', 'read', 'read'],
  ])('[RS11] %s, then %s computed, shows %s', (shown, next, expected) => {
    expect(raiseStatus(shown, next)).toBe(expected)
  })
})

describe('statusCode', () => {
  it('[RS12] is 0 to 3 on the wire and in the database, and back', () => {
    expect(LINE.map(statusCode)).toEqual([0, 1, 2, 3])
    expect([0, 1, 2, 3].map(statusFromCode)).toEqual(LINE)
    expect([statusCode('failed'), statusFromCode(4), statusFromCode(-1)]).toEqual([null, null, null])
  })
})
