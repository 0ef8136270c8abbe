/** For wires that acknowledge one message at a time: the next messages that a report has to name, the oldest first, however far back they were read. */
import { comparePoints, isCountable, type ConversationId, type Message, type Point, type PointRange, type Progress } from '../model/index.js'
import { coversPoint, joinProgress, toProgress } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import type { ReportedMessage } from '../transport/index.js'
import type { SyncContext } from './context.js'
import { FIRST_PLACE } from './places.js'
import { rowsFrom } from './rowsFrom.js'

/** Rows looked at in one transaction; what lies beyond leaves with the next report. */
const ROWS = 500

export interface NamedMessages {
  readonly messages: readonly ReportedMessage[]
  /** What is told with them; null: all that is due. */
  readonly covers: Progress | null
}

/** @param acked - what the wire has taken of what is due */
export async function nextMessages(tx: StorageTx, { me, transport }: SyncContext, conversationId: ConversationId, due: Progress, acked: Progress): Promise<NamedMessages> {
  const { reportBatch: most } = transport.capabilities.limits
  const from = firstMissing(due, acked)
  if (from === null) return { messages: [], covers: null }
  const rows = await rowsFrom(tx, conversationId, from, ROWS)
  const messages: ReportedMessage[] = []
  let last = from
  for (const row of rows) {
    const named = isDue(row, due, acked) ? reportedOf(row, me) : null
    if (named && messages.length === most) return { messages, covers: upTo(due, last) }
    if (named) messages.push(named)
    last = row.at!
  }
  const covers = upTo(due, last)
  return { messages, covers: rows.length < ROWS || firstMissing(due, joinProgress(acked, covers)) === null ? null : covers }
}

/** Null: nobody waits for word of this one. */
function reportedOf(row: Message, me: string): ReportedMessage | null {
  const [id] = row.ids
  if (row.at === null || id === undefined || !isCountable(row, me)) return null
  return { id, at: row.at, localId: row.localId, from: row.from, ...(row.receiptRequested ? { receiptRequested: true } : {}) }
}

function isDue({ at }: Message, due: Progress, acked: Progress): boolean {
  return at !== null && coversPoint(due, at) && !coversPoint(acked, at)
}

/** Where the first of what is due begins that the wire has not taken. */
function firstMissing(due: Progress, acked: Progress): Point | null {
  const taken = stretchesOf(acked)
  let index = 0
  for (const { from, to } of stretchesOf(due)) {
    while (index < taken.length && comparePoints(taken[index]!.to, from) < 0) index += 1
    const cover = taken[index]
    if (!cover || comparePoints(cover.from, from) > 0) return from
    if (comparePoints(cover.to, to) < 0) return cover.to
  }
  return null
}

function stretchesOf({ upTo: end, ranges }: Progress): readonly PointRange[] {
  return end === null ? ranges : [{ from: FIRST_PLACE, to: end }, ...ranges]
}

/** The part of a progress that ends at `last`. */
function upTo(progress: Progress, last: Point): Progress {
  const earlier = (point: Point) => (comparePoints(point, last) < 0 ? point : last)
  const ranges = progress.ranges.filter(({ from }) => comparePoints(from, last) <= 0)
  return toProgress(progress.upTo && earlier(progress.upTo), ranges.map(({ from, to }) => ({ from, to: earlier(to) })))
}
