/**
 * The points that the read states of one conversation name: each kept once, by number and in order. Members stand close together, so thousands of them
 * share a few hundred points, and a stretch is two numbers. Order is kept in chunks, so that a new point moves few others.
 */
import { comparePoints, type Point } from '../model/index.js'

export interface PointChunk {
  /** In order. */
  numbers: number[]
  /** What is counted over these points has changed. */
  isStale: boolean
  /** Sum of each count over this chunk, and over all before it; kept by whoever counts. */
  readonly sums: number[]
  readonly before: number[]
}

export interface PointTable {
  /** Number of a point, which is kept until it is let go as often as it was held. */
  hold(point: Point): number
  release(number: number): void
  pointOf(number: number): Point
  chunkOf(number: number): PointChunk
  /** Number of chunk and place within it of the first point at or after this one; the place may be just behind the chunk. */
  find(point: Point): readonly [chunk: number, place: number]
  readonly chunks: readonly PointChunk[]
  /** Some chunk is. */
  isStale: boolean
}

/** Points of a chunk before it is parted. */
const MOST_POINTS = 128

export function createPointTable(): PointTable {
  const points: Point[] = []
  const holds: number[] = []
  const homes: PointChunk[] = []
  const free: number[] = []
  const chunks: PointChunk[] = [emptyChunk([])]
  /** Stretches of one member follow each other, so the next point is mostly in the chunk of the last. */
  let last = 0

  const firstOf = (chunk: number): Point => points[chunks[chunk]!.numbers[0]!]!
  const isIn = (chunk: number, point: Point): boolean =>
    chunk < chunks.length && (chunk === 0 || comparePoints(firstOf(chunk), point) <= 0) && (chunk + 1 === chunks.length || comparePoints(point, firstOf(chunk + 1)) < 0)

  function chunkFor(point: Point): number {
    if (isIn(last, point)) return last
    let low = 0
    let high = chunks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (comparePoints(firstOf(middle), point) <= 0) low = middle
      else high = middle - 1
    }
    return (last = low)
  }

  function placeIn({ numbers }: PointChunk, point: Point): number {
    let low = 0
    let high = numbers.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (comparePoints(points[numbers[middle]!]!, point) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  function insert(chunk: number, place: number, point: Point): number {
    const home = chunks[chunk]!
    const number = free.pop() ?? points.length
    points[number] = point
    holds[number] = 0
    homes[number] = home
    home.numbers.splice(place, 0, number)
    if (home.numbers.length > MOST_POINTS) part(chunk)
    return number
  }

  function part(chunk: number): void {
    const left = chunks[chunk]!
    const right = emptyChunk(left.numbers.slice(MOST_POINTS / 2))
    left.numbers = left.numbers.slice(0, MOST_POINTS / 2)
    left.isStale = table.isStale = true
    for (const number of right.numbers) homes[number] = right
    chunks.splice(chunk + 1, 0, right)
  }

  function remove(number: number): void {
    const home = homes[number]!
    const chunk = chunkFor(points[number]!)
    home.numbers.splice(home.numbers.indexOf(number), 1)
    free.push(number)
    if (home.numbers.length > 0 || chunks.length === 1) return
    chunks.splice(chunk, 1)
    last = 0
  }

  const table: PointTable = {
    chunks,
    isStale: true,
    pointOf: (number) => points[number]!,
    chunkOf: (number) => homes[number]!,
    find(point) {
      const chunk = chunkFor(point)
      return [chunk, placeIn(chunks[chunk]!, point)]
    },
    hold(point) {
      const chunk = chunkFor(point)
      const place = placeIn(chunks[chunk]!, point)
      const known = chunks[chunk]!.numbers[place]
      const number = known !== undefined && comparePoints(points[known]!, point) === 0 ? known : insert(chunk, place, point)
      holds[number] = holds[number]! + 1
      return number
    },
    release(number) {
      holds[number] = holds[number]! - 1
      if (holds[number] === 0) remove(number)
    },
  }
  return table
}

function emptyChunk(numbers: number[]): PointChunk {
  return { numbers, isStale: true, sums: [], before: [] }
}
