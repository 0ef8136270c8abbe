import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copyRow } from '../../src/storage/memory/copyRow.js'

describe('a copy of a row', () => {
  it('is what structuredClone makes of it, for any plain data', () => {
    fc.assert(fc.property(fc.anything({ withNullPrototype: true, withDate: true, withMap: true, withSet: true, withBigInt: true, withTypedArray: true, withSparseArray: true, maxDepth: 5 }), (value) => {
      expect(copyRow(value)).toStrictEqual(structuredClone(value))
    }), { numRuns: Number(process.env['READBACK_RUNS'] ?? 1_000) })
  })
  it('shares nothing with it', () => {
    const row = { ids: ['a'], at: { epoch: 0, order: 1, id: 'a' } }
    const copied = copyRow(row)
    expect([copied === row, copied.ids === row.ids, copied.at === row.at]).toEqual([false, false, false])
  })
  it('keeps a key called __proto__ a key', () => {
    const copied = copyRow(JSON.parse('{"body":{"__proto__":{"admin":true}}}') as { body: object })
    expect(Object.getOwnPropertyNames(copied.body)).toEqual(['__proto__'])
    expect('admin' in copied.body).toBe(false)
  })
  it('of what is deep, or turns in a circle, ends', () => {
    const circle: { self?: unknown; twice: unknown[] } = { twice: [] }
    circle.self = circle
    circle.twice.push(circle, circle)
    const copied = copyRow(circle)
    expect(copied.self).toBe(copied)
    let deep: unknown = 'bottom'
    for (let level = 0; level < 500; level += 1) deep = [deep]
    expect(copyRow(deep)).toEqual(deep)
  })
  it('of what no database holds is refused', () => {
    expect(() => copyRow({ body: { kind: 'custom', run: () => {} } })).toThrow(expect.objectContaining({ name: 'DataCloneError' }))
  })
})
