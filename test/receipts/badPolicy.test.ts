/** Nonsense for settings: a policy, or an error that says which setting and why; never anything else. */
import fc from 'fast-check'
import { ChatError, createReceiptPolicy, DEFAULT_RECEIPT_POLICY, type ReceiptPolicy } from 'readback/core'
import { describe, expect, it } from 'vitest'

const numRuns = Number(process.env['READBACK_CASES'] ?? 200)
const names = Object.keys(DEFAULT_RECEIPT_POLICY) as (keyof ReceiptPolicy)[]
const anything = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }), fc.constantFrom(NaN, Infinity, -1, 0, -0, 0.5, 1, 600_000, 600_001, 1e21, '800', null, true, Symbol('x')), fc.record({ direct: fc.constantFrom('upTo', 'dwell', 'all', 5, null), group: fc.constantFrom('dwell', 'perMessage', 'all') }),
)

describe('policies of nonsense', () => {
  it.each(names)('[A17] 57: %s is taken or refused by name, and nothing else happens', (name) => {
    fc.assert(fc.property(anything, (value) => {
      try {
        expect(createReceiptPolicy({ [name]: value })).toEqual({ ...DEFAULT_RECEIPT_POLICY, [name]: value })
      } catch (error) {
        expect(error).toBeInstanceOf(ChatError)
        expect((error as ChatError).code).toBe('policy/invalid')
        expect((error as ChatError).message).toContain(`Receipt policy "`)
        if (name !== 'flushMs') expect((error as ChatError).message).toContain(`"${name}`)
      }
    }), { numRuns, seed: 57 })
  })

  it.each(['requireFocus', 'reciprocal'] as const)('[A17] 57: %s is yes or no', (name) => {
    for (const bad of ['false', 0, null, undefined]) expect(() => createReceiptPolicy({ [name]: bad })).toThrow(`Receipt policy "${name}"`)
  })

  it('[A17] 57: a dwell of no time, of less, of none and of ten minutes', () => {
    const of = (dwellMs: unknown) => () => createReceiptPolicy({ dwellMs: dwellMs as number }).dwellMs
    expect([of(0)(), of(600_000)()]).toEqual([0, 600_000])
    for (const bad of [-1, NaN, 600_001, '800', undefined]) expect(of(bad)).toThrow('Receipt policy "dwellMs"')
  })

  /** @returns the settings that were taken, or the text of the refusal */
  const policyOf = (changes: unknown): ReceiptPolicy | string => {
    try {
      return createReceiptPolicy(changes as Partial<ReceiptPolicy>)
    } catch (error) {
      expect(error).toMatchObject({ name: 'ChatError', code: 'policy/invalid', retryable: false })
      return (error as ChatError).message
    }
  }

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
      expect(text).toContain(`Receipt policy "name" is ${JSON.stringify(unknown)}, and must be `)
      for (const each of names) expect(text).toContain(`"${each}"`)
    }), { numRuns: 1_000, seed: 59 })
  })

  it('a fraction of a count is refused, and a fraction of a time or a share is taken', () => {
    const counts = ['maxBatch', 'maxGroupSize', 'maxRequestsPerDay', 'maxDetails', 'atLeast'] as const
    const broken = fc.double({ min: 2, max: 10_000, noNaN: true }).filter((value) => !Number.isInteger(value))
    fc.assert(fc.property(fc.constantFrom(...counts), broken, (name, value) => {
      const text = policyOf(name === 'atLeast' ? { groupStatus: { atLeast: value } } : { [name]: value })
      expect(text).toMatch(new RegExp(`^Receipt policy "(groupStatus\\.)?${name}" is ${value}, and must be a whole number from \\d+ to \\d+\\. `))
      expect(policyOf({ dwellMs: value, visibleFraction: value / 10_000, maxFlushMs: value + 300, validForMs: value + 1_000 })).toMatchObject({ dwellMs: value })
    }), { numRuns: 1_000, seed: 60 })
  })
})
