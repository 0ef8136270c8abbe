/** How far each member got, in columns: a prefix is one number, a stretch two, whoever's they are. Members are rows 0, 1, 2, …; times are not kept. */
import { comparePoints, NO_PROGRESS, type Point, type PointRange, type Progress, type ReceiptKind } from '../model/index.js'
import type { PointTable } from './pointTable.js'
import { grown } from './stretchCount.js'

export interface StateColumns {
  get(row: number, kind: ReceiptKind): Progress
  set(row: number, kind: ReceiptKind, progress: Progress): void
  /** The prefix alone. */
  upTo(row: number, kind: ReceiptKind): Point | null
  /** Whether nothing but prefixes was reached. */
  hasNoRanges(row: number): boolean
  /** Whether this very kind was reached at `point`. Makes nothing. */
  covers(row: number, kind: ReceiptKind, point: Point): boolean
}

/** Numbers of points are kept one greater: 0 = none. */
interface Column {
  upTo: Int32Array
  /** Place in the pool of the number of stretches and their ends. */
  ranges: Int32Array
}

const NONE = new Int32Array(0)
/** Room that stretches left behind before the pool is packed anew. */
const MOST_WASTE = 4_096

export function createStateColumns(table: PointTable): StateColumns {
  const column = (): Column => ({ upTo: NONE, ranges: NONE })
  const columns: Readonly<Record<ReceiptKind, Column>> = { delivered: column(), read: column(), viewed: column() }
  let pool = new Int32Array(0)
  let used = 1
  let waste = 0

  const pointAt = (place: number): Point => table.pointOf(pool[place]!)

  function upTo(row: number, kind: ReceiptKind): Point | null {
    const number = columns[kind].upTo[row] ?? 0
    return number === 0 ? null : table.pointOf(number - 1)
  }

  function rangesOf(place: number): readonly PointRange[] {
    return Array.from({ length: pool[place]! }, (_, i) => ({ from: pointAt(place + 1 + 2 * i), to: pointAt(place + 2 + 2 * i) }))
  }

  /** Puts stretches where there is room, and returns where. */
  function lay(ranges: readonly PointRange[]): number {
    const place = used
    used += 1 + 2 * ranges.length
    if (used > pool.length) pool = grown(pool, used)
    pool[place] = ranges.length
    ranges.forEach(({ from, to }, i) => {
      pool[place + 1 + 2 * i] = table.hold(from)
      pool[place + 2 + 2 * i] = table.hold(to)
    })
    return place
  }

  function lift(place: number): void {
    const ends = 2 * pool[place]!
    for (let i = 1; i <= ends; i += 1) table.release(pool[place + i]!)
    waste += 1 + ends
  }

  function pack(): void {
    const packed = new Int32Array(used - waste)
    let to = 1
    for (const { ranges } of Object.values(columns)) {
      for (let row = 0; row < ranges.length; row += 1) {
        const place = ranges[row]!
        if (place === 0) continue
        const length = 1 + 2 * pool[place]!
        packed.set(pool.subarray(place, place + length), to)
        ranges[row] = to
        to += length
      }
    }
    pool = packed
    used = to
    waste = 0
  }

  function setUpTo(column: Column, row: number, upTo: Point | null): void {
    const old = column.upTo[row] ?? 0
    if (upTo === null && old === 0) return
    if (row >= column.upTo.length) column.upTo = grown(column.upTo, row + 1)
    // Held first: it may be the same.
    column.upTo[row] = upTo === null ? 0 : table.hold(upTo) + 1
    if (old !== 0) table.release(old - 1)
  }

  function setRanges(column: Column, row: number, ranges: readonly PointRange[]): void {
    const old = column.ranges[row] ?? 0
    if (ranges.length === 0 && old === 0) return
    if (row >= column.ranges.length) column.ranges = grown(column.ranges, row + 1)
    column.ranges[row] = ranges.length === 0 ? 0 : lay(ranges)
    if (old !== 0) lift(old)
    if (waste > MOST_WASTE && waste > used / 2) pack()
  }

  return {
    get(row, kind) {
      const prefix = upTo(row, kind)
      const place = columns[kind].ranges[row] ?? 0
      if (prefix === null && place === 0) return NO_PROGRESS
      return { upTo: prefix, ranges: place === 0 ? NO_PROGRESS.ranges : rangesOf(place) }
    },
    upTo,
    hasNoRanges: (row) => !columns.delivered.ranges[row] && !columns.read.ranges[row] && !columns.viewed.ranges[row],
    set(row, kind, progress) {
      setUpTo(columns[kind], row, progress.upTo)
      setRanges(columns[kind], row, progress.ranges)
    },
    covers(row, kind, point) {
      const prefix = upTo(row, kind)
      if (prefix !== null && comparePoints(point, prefix) <= 0) return true
      const place = columns[kind].ranges[row] ?? 0
      if (place === 0) return false
      let low = 0
      let high = pool[place]!
      while (low < high) {
        const middle = (low + high) >> 1
        if (comparePoints(pointAt(place + 2 + 2 * middle), point) < 0) low = middle + 1
        else high = middle
      }
      return low < pool[place]! && comparePoints(pointAt(place + 1 + 2 * low), point) <= 0
    },
  }
}
