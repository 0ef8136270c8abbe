/** A member's read state as one short text: stretches are flat lists of numbers and ids, which cost a fraction of as many objects in a database. */
import { isPoint, type Point, type PointRange, type Progress } from '../../model/index.js'
import { RECEIPT_KINDS } from '../../model/receiptKinds.js'
import type { MemberState, TimeFact } from '../../receipts/readState.js'
import { isNumber, isText, listOf, optional, shape } from './fields.js'

/** Whether something is what a member said, of which messages. */
export const areContents = listOf(shape({ at: isPoint, content: isText, time: optional(isNumber) }))

/** A state that parses; another is refused before. Fields of a later version go along. */
export function packState(state: MemberState): string {
  const { memberId: _memberId, delivered, read, viewed, times, ...rest } = state
  const fields: unknown[] = [delivered, read, viewed].map(({ upTo, ranges }) => [...flat(upTo), ...ranges.flatMap(({ from, to }) => [...flat(from), ...flat(to)])])
  for (const kind of RECEIPT_KINDS) fields.push(times[kind].flatMap(({ from, to, time }) => [...flat(from), ...flat(to), time]))
  if (Object.keys(rest).length > 0) fields.push(rest)
  return JSON.stringify(fields)
}

/** The state again; null when the text is none. */
export function unpackState(memberId: string, text: string): MemberState | null {
  try {
    const [delivered, read, viewed, ...more] = JSON.parse(text) as readonly unknown[][]
    const [d, r, v, rest] = more
    const times = { delivered: factsOf(d!), read: factsOf(r!), viewed: factsOf(v!) }
    const { contents } = (rest ?? {}) as { readonly contents?: unknown }
    if (contents !== undefined && !areContents(contents)) return null
    return { ...(rest as object | undefined), memberId, delivered: progressOf(delivered!), read: progressOf(read!), viewed: progressOf(viewed!), times }
  } catch {
    return null
  }
}

/** Three fields each; a place that is none is three nulls. */
const flat = (point: Point | null): readonly unknown[] => (point === null ? [null, null, null] : [point.epoch, point.order, point.id])

function progressOf(list: readonly unknown[]): Progress {
  const ranges: PointRange[] = []
  for (let i = 3; i < list.length; i += 6) ranges.push({ from: pointAt(list, i), to: pointAt(list, i + 3) })
  return { upTo: placeAt(list, 0), ranges }
}

function factsOf(list: readonly unknown[]): readonly TimeFact[] {
  const facts: TimeFact[] = []
  for (let i = 0; i < list.length; i += 7) {
    const time = list[i + 6]
    if (!Number.isFinite(time)) throw new TypeError('no time')
    facts.push({ from: placeAt(list, i), to: pointAt(list, i + 3), time: time as number })
  }
  return facts
}

const placeAt = (list: readonly unknown[], i: number): Point | null => (list[i] === null ? null : pointAt(list, i))

function pointAt(list: readonly unknown[], i: number): Point {
  const point = { epoch: list[i], order: list[i + 1], id: list[i + 2] }
  if (!isPoint(point)) throw new TypeError('no point')
  return point
}
