/** Nonsense for settings: a policy, or an error that says which setting and why; never anything else. */
import fc from 'fast-check'
import { type ChatError, createReceiptPolicy, DEFAULT_RECEIPT_POLICY, type ReceiptPolicy } from 'readback/core'
import { describe, expect, it } from 'vitest'

const numRuns = Number(process.env['READBACK_CASES'] ?? 200)
const names = Object.keys(DEFAULT_RECEIPT_POLICY) as (keyof ReceiptPolicy)[]
const anything = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }), fc.constantFrom(NaN, Infinity, -1, 0, -0, 0.5, 1, 2, 250, 299, 300, 999, 1_000, 1_001, 10_000, 10_001, 60_000, 60_001, 600_000, 600_001, 1_000_000, 1_000_001, 86_400_000, 86_400_001, 31_622_400_000, 31_622_400_001, 316_224_000_000, 316_224_000_001, 1e21, '800', null, true, Symbol('x')), fc.record({ direct: fc.constantFrom('upTo', 'dwell', 'all', 5, null), group: fc.constantFrom('dwell', 'perMessage', 'all') }),
)

const isOneOf = (...allowed: readonly unknown[]) => (value: unknown) => allowed.includes(value)
const isWithin = (least: number, most: number) => (value: unknown) => typeof value === 'number' && value >= least && value <= most
const isCount = (least: number, most: number) => (value: unknown) => isWithin(least, most)(value) && Math.round(value as number) === value
const isTimeOrNull = (days: number) => (value: unknown) => value === null || isWithin(1_000, days * 86_400_000)(value)
/** An object of just these, made by nobody's class. */
const holds = (of: Readonly<Record<string, (value: unknown) => boolean>>) => (value: unknown) => {
  if (typeof value !== 'object' || value === null || ![Object.prototype, null].includes(Object.getPrototypeOf(value) as null)) return false
  return Object.keys(value).toSorted().join() === Object.keys(of).toSorted().join() && Object.entries(of).every(([name, is]) => is((value as Record<string, unknown>)[name]))
}
const isMode = isOneOf('upTo', 'perMessage')

/** What each setting may be, as the page of the policy has it. */
const valid: Readonly<Record<keyof ReceiptPolicy, (value: unknown) => boolean>> = {
  readMode: holds({ direct: isMode, group: isMode }),
  onOpen: holds({ direct: isOneOf('dwell', 'all'), group: isOneOf('dwell') }),
  groupStatus: (value) => isOneOf('any', 'all')(value) || holds({ atLeast: isCount(1, 1_000_000) })(value),
  dwellMs: isWithin(0, 600_000),
  visibleFraction: isWithin(0.01, 1),
  requireFocus: isOneOf(true, false),
  idleAfterMs: isTimeOrNull(1),
  // Beside the other at its default.
  flushMs: isWithin(0, 1_000),
  maxFlushMs: isWithin(300, 60_000),
  maxBatch: isCount(1, 10_000),
  maxGroupSize: isCount(2, 1_000_000),
  groupReceipts: isOneOf('asWire', 'onRequest'),
  requesters: (value) => Array.isArray(value) && Array.from(value as unknown[]).every(isOneOf('owner', 'admin', 'member')),
  validForMs: isTimeOrNull(366),
  maxRequestsPerDay: isCount(0, 1_000_000),
  maxDetails: isCount(1, 1_000_000),
  archiveAfterMs: isTimeOrNull(3_660),
  silentAfterMs: isTimeOrNull(3_660),
  reciprocal: isOneOf(true, false),
}

const aMode = fc.constantFrom('upTo', 'perMessage', 'all')
/** Of what is rarely met by chance, what looks like it. */
const near: Partial<Record<keyof ReceiptPolicy, fc.Arbitrary<unknown>>> = {
  readMode: fc.record({ direct: aMode, group: aMode, grupp: aMode }, { requiredKeys: ['direct'] }),
  onOpen: fc.record({ direct: fc.constantFrom('dwell', 'all'), group: fc.constantFrom('dwell', 'all'), gruppe: fc.constant('dwell') }, { requiredKeys: ['direct', 'group'] }),
  groupStatus: fc.oneof(fc.constantFrom('any', 'all', 'most'), fc.record({ atLeast: fc.constantFrom(0, 1, 1.5, 1_000_000, 1_000_001, '3'), atMost: fc.nat() }, { requiredKeys: ['atLeast'] })),
  groupReceipts: fc.constantFrom('asWire', 'onRequest', 'always'),
  requesters: fc.array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom('owner', 'admin', 'member') }, { weight: 1, arbitrary: fc.constantFrom('boss', undefined) }), { maxLength: 4 }),
  visibleFraction: fc.constantFrom(1e-300, 0.009, 0.01, 1, 1.001),
}

/** @returns the settings that were taken, or the text of the refusal */
const policyOf = (changes: unknown): ReceiptPolicy | string => {
  try {
    return createReceiptPolicy(changes as Partial<ReceiptPolicy>)
  } catch (error) {
    expect(error).toMatchObject({ name: 'ChatError', code: 'policy/invalid', retryable: false })
    return (error as ChatError).message
  }
}

describe('policies of nonsense', () => {
  it.each(names)('[A17] 57: %s is taken where it says what it may, and refused by name where not', (name) => {
    const values = fc.oneof(anything, near[name] ?? anything)
    const seen = { valid: 0, none: 0 }
    fc.assert(fc.property(values, (value) => {
      const isValid = valid[name](value)
      seen[isValid ? 'valid' : 'none'] += 1
      const made = policyOf({ [name]: value })
      if (isValid) expect(made).toEqual({ ...DEFAULT_RECEIPT_POLICY, [name]: Array.isArray(value) ? [...new Set(value)] : value })
      // Of the two windows of a batch both are named.
      else expect(made).toMatch(new RegExp(`^Receipt policy .*"(name in )?${name}`))
    }), { numRuns, seed: 57 })
    expect(Math.min(seen.valid, seen.none)).toBeGreaterThan(0)
  })

  it.each(['requireFocus', 'reciprocal'] as const)('[A17] 57: %s is yes or no', (name) => {
    for (const bad of ['false', 0, null, undefined]) expect(() => createReceiptPolicy({ [name]: bad })).toThrow(`Receipt policy "${name}"`)
  })

  it('[A17] 57: a dwell of no time, of less, of none and of ten minutes', () => {
    const of = (dwellMs: unknown) => () => createReceiptPolicy({ dwellMs: dwellMs as number }).dwellMs
    expect([of(0)(), of(600_000)()]).toEqual([0, 600_000])
    for (const bad of [-1, NaN, 600_001, '800', undefined]) expect(of(bad)).toThrow('Receipt policy "dwellMs"')
  })

  it('what holds no settings is refused, whatever it is', () => {
    const value = fc.oneof(fc.constantFrom(null, 5, 'ab', '', true, Symbol('x'), 5n, () => ({})), fc.double(), fc.string(), fc.array(fc.anything()))
    fc.assert(fc.property(value, (none) => {
      const is = typeof none === 'string' ? JSON.stringify(none) : Object(none) === none ? 'an object' : String(none)
      expect(policyOf(none)).toBe(`Receipt policy "changes" is ${is}, and must be settings by name. Receipts would be wrong. Leave it out for the default.`)
    }), { numRuns: 1_000, seed: 58 })
  })

  it('a name that is no setting is refused by name, with those that are', () => {
    const misspelt = fc.tuple(fc.constantFrom(...names), fc.nat()).map(([name, at]) => name.slice(0, at % name.length) + name.slice((at % name.length) + 1))
    const name = fc.oneof(misspelt, fc.string(), fc.constantFrom('toString', 'constructor', '__proto__', 'readMode.direct')).filter((each) => !names.includes(each as keyof ReceiptPolicy))
    fc.assert(fc.property(name, fc.anything(), (unknown, value) => {
      const text = policyOf(Object.fromEntries([[unknown, value], ['dwellMs', 500]]))
      expect(text).toContain(`Receipt policy "name in changes" is ${JSON.stringify(unknown)}, and must be `)
      for (const each of names) expect(text).toContain(`"${each}"`)
    }), { numRuns: 1_000, seed: 59 })
  })

  it('a fraction of a count is refused, and a fraction of a time or a share is taken', () => {
    const counts = ['maxBatch', 'maxGroupSize', 'maxRequestsPerDay', 'maxDetails', 'atLeast'] as const
    const broken = fc.double({ min: 2, max: 10_000, noNaN: true }).filter((value) => !Number.isInteger(value))
    fc.assert(fc.property(fc.constantFrom(...counts), broken, (name, value) => {
      const text = policyOf(name === 'atLeast' ? { groupStatus: { atLeast: value } } : { [name]: value })
      expect(text).toMatch(new RegExp(`^Receipt policy "(groupStatus\\.)?${name}" is ${value}, and must be a whole number from \\d+ to \\d+\\. `))
      expect(policyOf({ dwellMs: value, visibleFraction: 0.01 + value / 11_000, maxFlushMs: value + 300, validForMs: value + 1_000 })).toMatchObject({ dwellMs: value })
    }), { numRuns: 1_000, seed: 60 })
  })
})
