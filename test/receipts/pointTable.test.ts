import fc from 'fast-check'
import { comparePoints, type Point } from 'readback/core'
import { expect, it } from 'vitest'
import { createPointTable } from '../../src/receipts/pointTable.js'
import { aPoint, at } from './arbitraries.js'

const keyOf = ({ epoch, order, id }: Point) => `${epoch} ${order} ${id}`

it('holds each point once, in order, for as long as somebody holds it', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ point: aPoint, letGo: fc.nat(3) }), { maxLength: 60 }), (steps) => {
      const table = createPointTable()
      const held: { readonly number: number; readonly point: Point }[] = []
      for (const { point, letGo } of steps) {
        held.push({ number: table.hold(point), point })
        if (letGo === 0) table.release(held.splice(held.length >> 1, 1)[0]!.number)
        for (const each of held) expect(table.pointOf(each.number)).toEqual(each.point)
        const simple = [...new Map(held.map((each) => [keyOf(each.point), each.point])).values()].sort(comparePoints)
        expect(table.chunks.flatMap(({ numbers }) => numbers.map((number) => table.pointOf(number)))).toEqual(simple)
      }
    }),
  )
})

it('finds the place of any point in thousands, held or not', () => {
  const table = createPointTable()
  for (let i = 0; i < 5_000; i += 1) table.hold(at(((i * 7919) % 5_000) * 2))
  for (const order of [0, 1, 2, 4_999, 5_000, 9_997, 9_998, 9_999]) {
    const [chunk, place] = table.find(at(order))
    const before = table.chunks.slice(0, chunk).reduce((sum, { numbers }) => sum + numbers.length, 0) + place
    expect(before).toBe(Math.ceil(order / 2))
  }
})

it('keeps what is left of a chunk, down to its last point, and lets nothing go but what nobody holds', () => {
  for (const kept of [0, 70, 299]) {
    const table = createPointTable()
    const numbers = Array.from({ length: 300 }, (_, order) => table.hold(at(order)))
    numbers.forEach((number, order) => order !== kept && order !== 150 && table.release(number))
    expect(table.chunks.flatMap((chunk) => chunk.numbers.map((number) => table.pointOf(number).order))).toEqual([kept, 150].sort((a, b) => a - b))
    const again = table.hold(at(100))
    expect(again).toBeLessThan(300)
    expect(table.pointOf(again)).toEqual(at(100))
  }
})

it('lets go of a whole chunk and keeps those beside it', () => {
  const table = createPointTable()
  const numbers = Array.from({ length: 600 }, (_, order) => table.hold(at(order)))
  for (let order = 64; order < 128; order += 1) table.release(numbers[order]!)
  expect(table.chunks.flatMap((chunk) => chunk.numbers).length).toBe(600 - 64)
  const [chunk, place] = table.find(at(128))
  expect(table.pointOf(table.chunks[chunk]!.numbers[place]!)).toEqual(at(128))
})
