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
})
