/** What a receipt says of places before its own epoch: nothing of what the server had lost there, and as long as that is not known, nothing at all. Whoever reads on never had it. */
import type { Point, PointRange, Progress } from '../model/index.js'
import { toProgress, type MemberState, type OwnState, type ProgressByKind, type TimeFact } from '../receipts/index.js'
import { partsOf, progressOfParts } from '../receipts/parts.js'
import type { IncomingReceipt } from '../transport/index.js'
import { lossesWithin, startOf, type Reach } from './resets.js'

type Content = Pick<IncomingReceipt, 'upTo' | 'ranges'>

/** Whether it reaches into an epoch before its own, in which a position of theirs is not known to have ended. Most do not, and cost no question. */
export function crossesEpochs({ upTo, ranges = [] }: Content, known: () => Progress | undefined): boolean {
  const epochs = ranges.flatMap(({ from, to }) => (from.epoch < to.epoch ? to.epoch : []))
  if (upTo && upTo.epoch > 0) epochs.push(upTo.epoch)
  if (epochs.length === 0) return false
  return Math.max(...epochs) > (known()?.upTo?.epoch ?? 0)
}

/** The parts that are sure. @param from - null: a position, which says something of everything before it */
export function sureParts(from: Point | null, to: Point, reach: Reach): Progress {
  let start = from
  let upTo: Point | null = null
  const ranges: PointRange[] = []
  const add = (end: Point) => void (start === null ? (upTo = end) : ranges.push({ from: start, to: end }))
  for (const { epoch, after } of lossesWithin(reach, from, to)) {
    if (after) add(after)
    // Where it begins is a message that they had.
    else if (start !== null && start === from) add(start)
    start = startOf(epoch)
  }
  add(to)
  return toProgress(upTo, ranges)
}

/** A state that was joined where the loss was not known. */
export function sureState(state: MemberState, reach: Reach): MemberState {
  if (isWhole(reach)) return state
  const facts = (times: readonly TimeFact[]): readonly TimeFact[] => times.filter(({ from, to }) => lossesWithin(reach, from, to).length === 0)
  const { delivered, read, viewed } = state.times
  return { ...state, ...sureKinds(state, reach), times: { delivered: facts(delivered), read: facts(read), viewed: facts(viewed) } }
}

/** My own, with what my other devices told, and what nobody was told. */
export function sureOwn({ unpublished, ...own }: OwnState, reach: Reach): OwnState {
  const sure = (progress: ProgressByKind) => (isWhole(reach) ? progress : sureKinds(progress, reach))
  return { ...own, synced: sure(own.synced), wanted: sure(own.wanted), ...(unpublished ? { unpublished: sure(unpublished) } : {}) }
}

const isWhole = ({ losses, openFrom }: Reach) => losses.length === 0 && openFrom === Infinity

function sureKinds({ delivered, read, viewed }: ProgressByKind, reach: Reach): ProgressByKind {
  const sure = (progress: Progress) => progressOfParts(partsOf(progress).flatMap(({ from, to }) => partsOf(sureParts(from, to, reach))))
  return { delivered: sure(delivered), read: sure(read), viewed: sure(viewed) }
}
