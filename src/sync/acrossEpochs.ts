/** What a receipt says of places before its own epoch: nothing that is sure, until it is known what the server had lost there. Whoever reads on never had that. */
import type { Point, PointRange, Progress } from '../model/index.js'
import type { IncomingReceipt } from '../transport/index.js'
import type { Reach } from './resets.js'

type Content = Pick<IncomingReceipt, 'upTo' | 'ranges'>

/** Whether it reaches into an epoch before its own, in which a position of theirs is not known to have ended. Most do not, and cost no question. */
export function crossesEpochs({ upTo, ranges = [] }: Content, known: () => Progress | undefined): boolean {
  const epochs = ranges.flatMap(({ from, to }) => (from.epoch < to.epoch ? to.epoch : []))
  if (upTo && upTo.epoch > 0) epochs.push(upTo.epoch)
  if (epochs.length === 0) return false
  return Math.max(...epochs) > (known()?.upTo?.epoch ?? 0)
}

/** Where a position surely begins; null: where everything does. */
export function startOf({ epoch }: Point, reach: Reach): Point | null {
  const since = reach.since(epoch)
  return since === 0 ? null : { epoch: since, order: 0, id: '' }
}

/** The parts of a stretch that are sure: where it begins is a message that they had. */
export function sureParts(range: PointRange, reach: Reach): readonly PointRange[] {
  const start = startOf(range.to, reach)
  if (start === null || range.from.epoch >= start.epoch) return [range]
  return [{ from: range.from, to: range.from }, { from: start, to: range.to }]
}
