import fc from 'fast-check'
import { coversPoint, NO_PROGRESS, toProgress, type Progress } from 'readback/core'
import { expect, it } from 'vitest'
import { createPointTable } from '../../src/receipts/pointTable.js'
import { createStateColumns } from '../../src/receipts/stateColumns.js'
import { allPoints, aProgress, at } from './arbitraries.js'

const KINDS = ['delivered', 'read', 'viewed'] as const

it('gives back what was put in, whoever else changes meanwhile', () => {
  const step = fc.record({ row: fc.nat(8), kind: fc.constantFrom(...KINDS), progress: fc.oneof(aProgress, fc.constant(NO_PROGRESS)) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const table = createPointTable()
      const columns = createStateColumns(table)
      const simple = new Map<string, Progress>()
      for (const { row, kind, progress } of steps) {
        columns.set(row, kind, progress)
        simple.set(`${row} ${kind}`, progress)
      }
      for (let row = 0; row <= 8; row += 1) {
        for (const kind of KINDS) {
          const progress = simple.get(`${row} ${kind}`) ?? NO_PROGRESS
          expect(columns.get(row, kind)).toEqual(progress)
          expect(allPoints.map((point) => columns.covers(row, kind, point))).toEqual(allPoints.map((point) => coversPoint(progress, point)))
          columns.set(row, kind, NO_PROGRESS)
        }
      }
      expect(table.chunks.flatMap(({ numbers }) => numbers)).toEqual([])
    }),
    { numRuns: 60 },
  )
})

it('packs the room that stretches left behind, and loses none of the others', () => {
  const columns = createStateColumns(createPointTable())
  const many = (row: number, turn: number) => toProgress(at(row), Array.from({ length: 50 }, (_, i) => ({ from: at(1_000 + turn + i * 3), to: at(1_001 + turn + i * 3) })))
  for (let turn = 0; turn < 6; turn += 1) {
    for (let row = 0; row < 40; row += 1) {
      columns.set(row, row % 2 ? 'read' : 'viewed', many(row, turn))
      // Those that are still as they were, also when it was packed just now.
      if (turn > 0) for (let other = row + 1; other < 40; other += 1) expect(columns.get(other, other % 2 ? 'read' : 'viewed')).toEqual(many(other, turn - 1))
    }
    for (let row = 0; row < 40; row += 1) expect(columns.get(row, row % 2 ? 'read' : 'viewed')).toEqual(many(row, turn))
  }
})

it('keeps what is put far beyond what there was room for', () => {
  const columns = createStateColumns(createPointTable())
  const progress = toProgress(at(5), [{ from: at(7), to: at(9) }])
  columns.set(5_000, 'read', progress)
  columns.set(9_000, 'viewed', progress)
  expect([columns.get(5_000, 'read'), columns.get(4_999, 'read'), columns.get(9_000, 'viewed')]).toEqual([progress, NO_PROGRESS, progress])
})

it('says of whom there are no stretches, of any kind', () => {
  const columns = createStateColumns(createPointTable())
  const stretch = toProgress(null, [{ from: at(7), to: at(9) }])
  KINDS.forEach((kind, row) => columns.set(row, kind, stretch))
  columns.set(3, 'read', toProgress(at(5)))
  expect([0, 1, 2, 3, 4].map((row) => columns.hasNoRanges(row))).toEqual([false, false, false, true, true])
})
