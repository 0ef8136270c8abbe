import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sameData } from '../../src/model/sameData.js'

const plain = fc.object({ maxDepth: 3, withNullPrototype: true, values: [fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined)] })

it('a copy says the same', () => {
  fc.assert(fc.property(plain, (value) => sameData(value, structuredClone(value))))
})

it('two values say the same from either side', () => {
  fc.assert(fc.property(plain, plain, (a, b) => sameData(a, b) === sameData(b, a)))
})

it('what differs anywhere is not the same', () => {
  expect(sameData({ body: { text: 'a' } }, { body: { text: 'b' } })).toBe(false)
  expect(sameData([1, 2], [1, 2, 3])).toBe(false)
  expect(sameData([], {})).toBe(false)
  expect(sameData({ a: 1 }, { a: 1, b: 2 })).toBe(false)
  expect(sameData({ toString: undefined }, {})).toBe(true)
  expect(sameData({}, { toString: 1 })).toBe(false)
  expect(sameData(new Map([[1, 2]]), new Map([[1, 2]]))).toBe(false)
  expect(sameData(null, {})).toBe(false)
})

it('the order of keys and a field that says nothing make no difference', () => {
  expect(sameData({ a: 1, b: [{ c: 2 }] }, { b: [{ c: 2, d: undefined }], a: 1 })).toBe(true)
})

it('a file read twice from a database is the same file, and another is not', () => {
  const file = () => new Blob(['picture'], { type: 'image/png' })
  expect(sameData({ data: file() }, { data: file() })).toBe(true)
  expect(sameData({ data: file() }, { data: new Blob(['pic'], { type: 'image/png' }) })).toBe(false)
  expect(sameData(new Date(5), new Date(5))).toBe(true)
  expect(sameData(new Date(5), new Date(6))).toBe(false)
})

it('what turns in a circle ends, and counts as different', () => {
  const [a, b] = [{}, {}] as [Record<string, unknown>, Record<string, unknown>]
  a['self'] = a
  b['self'] = b
  expect(sameData(a, b)).toBe(false)
})
