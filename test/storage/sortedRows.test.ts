import fc from 'fast-check'
import { expect, it } from 'vitest'
import { firstIndex } from '../../src/model/firstIndex.js'
import { insertSorted, removeSorted } from '../../src/storage/memory/sortedRows.js'

const byNumber = (a: number, b: number) => a - b
const sorted = (rows: readonly number[]) => [...rows].sort(byNumber)

it('rows added in batches of any size stay in order, and none is lost', () => {
  fc.assert(fc.property(fc.array(fc.array(fc.nat(50), { maxLength: 30 }), { maxLength: 8 }), (batches) => {
    const rows: number[] = []
    for (const batch of batches) insertSorted(rows, [...batch], byNumber)
    expect(rows).toEqual(sorted(batches.flat()))
  }))
})

it('one row is removed, and an absent one removes nothing', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.nat(30)), fc.nat(30), (values, removed) => {
    const rows = sorted(values)
    removeSorted(rows, removed, byNumber)
    expect(rows).toEqual(sorted(values.filter((value) => value !== removed)))
  }))
})

it('the first index is found by halving', () => {
  let asked = 0
  const rows = Array.from({ length: 100_000 }, (_, index) => index)
  expect(firstIndex(rows, (row) => { asked++; return row >= 77_777 })).toBe(77_777)
  expect(asked).toBeLessThanOrEqual(17)
  expect(firstIndex([], () => true)).toBe(0)
  expect(firstIndex([1, 2], () => false)).toBe(2)
})
