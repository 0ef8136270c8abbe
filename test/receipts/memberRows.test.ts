import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createMemberRows } from '../../src/receipts/memberRows.js'
import { someone, at } from './arbitraries.js'

it('finds everybody by any id, as a Map would, in the order of their coming', () => {
  const anId = fc.oneof(fc.string(), fc.constantFrom('__proto__', '', 'constructor', '\uD800', 'u1', 'u2'))
  fc.assert(
    fc.property(fc.array(anId, { maxLength: 80 }), anId, (ids, other) => {
      const rows = createMemberRows(3)
      const simple = new Map<string, number>()
      for (const id of ids) {
        if (!simple.has(id)) simple.set(id, simple.size)
        expect(rows.put(someone(id))).toBe(simple.get(id))
      }
      for (const id of [...ids, other]) expect(rows.find(id)).toBe(simple.get(id) ?? -1)
      expect(rows.members.map(({ userId }) => userId)).toEqual([...simple.keys()])
    }),
  )
})

it('keeps the newest of what is put for one member', () => {
  const rows = createMemberRows()
  rows.put(someone('ann'))
  rows.put(someone('ann', at(5)))
  expect(rows.members).toEqual([someone('ann', at(5))])
})

it.each([0, 3, 20_000])('finds each of ten thousand, and nobody else, with room made for %d', (expected) => {
  const rows = createMemberRows(expected)
  const ids = Array.from({ length: 10_000 }, (_, i) => `user-${i}`)
  expect(ids.map((id) => rows.put(someone(id)))).toEqual(ids.map((_, i) => i))
  expect(ids.map((id) => rows.find(id))).toEqual(ids.map((_, i) => i))
  expect(ids.map((id) => rows.find(`${id}x`)).every((row) => row === -1)).toBe(true)
})
