/** Which rows of the journal say nothing any more. Each receipt carries the whole of how far somebody got, so old ones only tell times, and these are kept for so many steps only. */
import type { JournalRow, ReceiptEvent } from './hubRecords.js'
import { trailKey, TRAIL_STEPS } from './hubState.js'

/** One more than a trail keeps, so that it knows that steps were let go. */
const KEPT_STEPS = TRAIL_STEPS + 1
/** The newest rows stay: another tab may be about to read them. */
const KEPT_ROWS = 1_000

/** Numbers of the rows that may go; folding what remains gives the same state. */
export function supersededRows(rows: readonly JournalRow[]): ReadonlySet<number> {
  const steps = new Map<string, number>()
  const gone = new Set<number>()
  for (let index = rows.length - 1; index > 0; index -= 1) {
    const { seq, records } = rows[index]!
    const receipts = records.map(({ event }) => event).filter((event) => event.type === 'receipt')
    const counts = receipts.map((receipt) => count(steps, receipt))
    if (index < rows.length - KEPT_ROWS && receipts.length === records.length && counts.every((step) => step > KEPT_STEPS)) gone.add(seq)
  }
  return gone
}

function count(steps: Map<string, number>, { conversationId, by, kind, visibility }: ReceiptEvent): number {
  const key = JSON.stringify([conversationId, trailKey(by, kind, visibility)])
  const step = (steps.get(key) ?? 0) + 1
  steps.set(key, step)
  return step
}
