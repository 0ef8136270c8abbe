/** Pure: which wider stretches a reader may claim from single messages read. Only the reader's own device may, because only it knows what lies between. */
import { comparePoints, isCountable, type Message, type Point, type PointRange, type UserId } from '../model/index.js'
import type { Gap } from '../storage/index.js'

/**
 * The stretches of read messages that hold at least one of `fresh`.
 * Own, system and recalled messages are neither counted nor in the way; an unread one, one that is hidden here, and a gap in history end a stretch.
 *
 * @param rows - placed rows in order, without holes but for `gaps`
 * @param isRead - whether a countable row is read, the fresh ones included
 */
export function readStretches(rows: readonly Message[], me: UserId, isRead: (row: Message) => boolean, fresh: readonly Point[], gaps: readonly Gap[]): readonly PointRange[] {
  const stretches: PointRange[] = []
  let open: { from: Point; to: Point } | null = null
  const close = () => {
    if (open && holdsAny(open, fresh)) stretches.push(open)
    open = null
  }
  let previous: Point | null = null
  for (const row of rows) {
    if (row.at === null) continue
    if (previous !== null && liesInGap(previous, row.at, gaps)) close()
    previous = row.at
    if (!isCountable(row, me)) continue
    if (!isRead(row)) close()
    else if (open === null) open = { from: row.at, to: row.at }
    else open = { from: (open as PointRange).from, to: row.at }
  }
  close()
  return stretches
}

function holdsAny({ from, to }: PointRange, points: readonly Point[]): boolean {
  return points.some((point) => comparePoints(from, point) <= 0 && comparePoints(point, to) <= 0)
}

/** Whether history is known to be missing between two neighbouring rows. */
function liesInGap(a: Point, b: Point, gaps: readonly Gap[]): boolean {
  return gaps.some(({ after, before }) => (after === null || comparePoints(after, b) < 0) && (before === null || comparePoints(before, a) > 0))
}
