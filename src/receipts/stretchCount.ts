/**
 * How many stretches contain a point. Where one begins and ends is noted at its points, chunk by chunk, so that a new stretch costs its own two ends and a
 * question one search and the sum of one chunk, whatever the number of members. Nothing is stored per message.
 */
import { comparePoints, type Point } from '../model/index.js'
import type { PointTable } from './pointTable.js'

/** A stretch of a conversation. `from: null` = from the beginning; `to: null` = without end; `open`: `to` itself is not in it. */
export interface Stretch {
  readonly from: Point | null
  readonly to: Point | null
  readonly open?: boolean
}

/** Several counts over the same points. Stretches that are one member's must be disjoint, else that member counts twice. */
export interface StretchCounts {
  /** `by: -1` takes exactly what was added before. */
  change(count: number, stretches: readonly Stretch[], by: 1 | -1): void
  /** null = after every point. */
  at(count: number, point: Point | null): number
}

/** Changes of one count: from a point on, and behind it. */
interface Steps {
  fromBeginning: number
  withoutEnd: number
  from: Int32Array
  behind: Int32Array
}

const NO_STEPS = new Int32Array(0)

export function createStretchCounts(table: PointTable, counts: number): StretchCounts {
  const all: readonly Steps[] = Array.from({ length: counts }, () => ({ fromBeginning: 0, withoutEnd: 0, from: NO_STEPS, behind: NO_STEPS }))

  function step(steps: Steps, side: 'from' | 'behind', point: Point, by: number, isAdded: boolean): void {
    const number = table.hold(point)
    if (number >= steps[side].length) steps[side] = grown(steps[side], number + 1)
    const cells = steps[side]
    cells[number] = cells[number]! + by
    table.chunkOf(number).isStale = table.isStale = true
    if (isAdded) return
    // Its own hold, and that of now.
    table.release(number)
    table.release(number)
  }

  /** Sums of the chunks that changed, and of all before each. */
  function settle(): void {
    if (!table.isStale) return
    table.isStale = false
    const sums = all.map(({ fromBeginning }) => fromBeginning)
    for (const chunk of table.chunks) {
      if (chunk.isStale) all.forEach((steps, count) => (chunk.sums[count] = sumOf(steps, chunk.numbers, chunk.numbers.length)))
      chunk.isStale = false
      for (let count = 0; count < counts; count += 1) {
        chunk.before[count] = sums[count]!
        sums[count] = sums[count]! + chunk.sums[count]!
      }
    }
  }

  return {
    change(count, stretches, by) {
      const steps = all[count]!
      for (const { from, to, open } of stretches) {
        if (from === null) {
          steps.fromBeginning += by
          table.isStale = true
        } else step(steps, 'from', from, by, by > 0)
        if (to === null) steps.withoutEnd += by
        else step(steps, open ? 'from' : 'behind', to, -by, by > 0)
      }
    },
    at(count, point) {
      const steps = all[count]!
      if (point === null) return steps.withoutEnd
      settle()
      const [chunk, place] = table.find(point)
      const { numbers, before } = table.chunks[chunk]!
      const number = numbers[place]
      const isHere = number !== undefined && comparePoints(table.pointOf(number), point) === 0
      return before[count]! + sumOf(steps, numbers, place) + (isHere ? (steps.from[number] ?? 0) : 0)
    },
  }
}

function sumOf({ from, behind }: Steps, numbers: readonly number[], most: number): number {
  let sum = 0
  for (let place = 0; place < most; place += 1) {
    const number = numbers[place]!
    // Points that only others name may lie beyond these cells.
    sum += (from[number] ?? 0) + (behind[number] ?? 0)
  }
  return sum
}

/** The same cells with room for `least`, and some more. */
export function grown(cells: Int32Array, least: number): Int32Array<ArrayBuffer> {
  const more = new Int32Array(Math.max(least, cells.length + (cells.length >> 2) + 16))
  more.set(cells)
  return more
}
