import { comparePoints, maxPoint, type Point, type Progress, type ReceiptKind } from '../model/index.js'
import { commonProgress } from './commonProgress.js'
import { joinKinds, progressOfReceipt, type ReceiptContent } from './memberState.js'
import type { ReadMode } from './policy.js'
import { containsProgress, isNoProgress, joinProgress, toProgress } from './progress.js'
import { NO_PROGRESS_BY_KIND, type OwnState, type ProgressByKind } from './readState.js'

/** How a reading of mine is taken. @public */
export interface ReadMineOptions {
  readonly kind: ReceiptKind
  /** Whether others are to be told (visibility `public`; for `delivered` also `private`). */
  readonly publish: boolean
  /** `upTo`: reading a message reads everything before it. */
  readonly readMode: ReadMode
}

/** To whom a report goes: everybody, or my own devices. @public */
export type ReportVisibility = 'published' | 'ownDevices'

/** What another device of mine has told. @public */
export interface OwnReceipt extends ReceiptContent {
  readonly kind: ReceiptKind
  readonly visibility: ReportVisibility
}

/**
 * Notes what I read here: in `synced` always, in `wanted` when others are to be told. Viewing is reading too.
 * @param what - the messages' points; in `upTo` mode the greatest of them reads everything before it
 * @returns the same object when nothing moved
 * @public
 */
export function readMine(own: OwnState, what: ReceiptContent, { kind, publish, readMode }: ReadMineOptions): OwnState {
  const seen = progressOfReceipt(what)
  const reached = readMode === 'upTo' ? prefixOf(seen) : seen
  const kinds: readonly ReceiptKind[] = kind === 'viewed' ? ['read', 'viewed'] : [kind]
  let next = own
  for (const each of kinds) {
    // Opening one picture views that picture, whatever reading it implies.
    const progress = each === 'viewed' ? seen : reached
    next = withSynced(next, each, progress)
    if (publish) next = withWanted(next, each, publishable(progress, what, own.publishFloor))
    if (!publish || own.publishFloor !== null) next = withUnpublished(next, each, progress)
  }
  return next
}

/**
 * My whole state to be reported, or null when the wire has it all.
 * @public
 */
export function dueReport(own: OwnState, kind: ReceiptKind, visibility: ReportVisibility): Progress | null {
  const due = visibility === 'published' ? own.wanted[kind] : own.synced[kind]
  return containsProgress(own.acked[visibility][kind], due) ? null : due
}

/**
 * Notes that the wire has taken a report. A published one reaches my own devices too, so what it said is not sent to them again.
 *
 * @param progress - what was due
 * @param told - what the report really said, where the wire knows less (a single position); the rest still goes to my own devices
 * @returns the same object when that was known
 * @public
 */
export function ackReport(own: OwnState, kind: ReceiptKind, visibility: ReportVisibility, progress: Progress, told: Progress = progress): OwnState {
  const published = visibility === 'published' ? withKind(own.acked.published, kind, progress) : own.acked.published
  const ownDevices = withKind(own.acked.ownDevices, kind, visibility === 'published' ? told : progress)
  if (published === own.acked.published && ownDevices === own.acked.ownDevices) return own
  return { ...own, acked: { published, ownDevices } }
}

/**
 * Joins what another device of mine reported, or the echo of my own report. What was published anywhere is wanted and acked here too.
 * @returns the same object when nothing moved
 * @public
 */
export function joinOwn(own: OwnState, receipt: OwnReceipt): OwnState {
  const { kind, visibility } = receipt
  const progress = progressOfReceipt(receipt)
  let next = withSynced(own, kind, progress)
  if (kind === 'viewed') next = withSynced(next, 'read', progress)
  if (visibility === 'published') next = withWanted(next, kind, progress)
  return ackReport(next, kind, visibility, progress)
}

/** Sets my count to zero on all my devices: moves `synced` up to `head` and publishes nothing. @public */
export function clearMine(own: OwnState, head: Point): OwnState {
  return withSynced(own, 'read', toProgress(head))
}

/** Receipts of these kinds were switched off: what waits to be published is not. What the wire has taken, and is not believed any more, is not wanted again for that. @public */
export function stopPublishing(own: OwnState, kinds: readonly ReceiptKind[]): OwnState {
  const wanted: Record<ReceiptKind, Progress> = { ...own.wanted }
  for (const kind of kinds) wanted[kind] = commonProgress(own.wanted[kind], own.acked.published[kind])
  const kept = kinds.reduce((next, kind) => withUnpublished(next, kind, own.wanted[kind]), own)
  return { ...kept, wanted }
}

/** Receipts were switched on: nothing at or before `head` is published for having been read earlier. @public */
export function startPublishing(own: OwnState, head: Point | null): OwnState {
  const publishFloor = maxPoint(own.publishFloor, head)
  return publishFloor === own.publishFloor ? own : { ...own, publishFloor }
}

/**
 * The user confirmed that messages read before may show as read: the floor goes, and what was read here is to be published.
 * What was only cleared is not, nor what another device read: nobody here knows whether it was seen.
 * @public
 */
export function publishPast({ unpublished = NO_PROGRESS_BY_KIND, ...own }: OwnState): OwnState {
  return { ...own, wanted: joinKinds(own.wanted, unpublished), publishFloor: null }
}

function withSynced(own: OwnState, kind: ReceiptKind, progress: Progress): OwnState {
  const synced = withKind(own.synced, kind, progress)
  return synced === own.synced ? own : { ...own, synced }
}

function withWanted(own: OwnState, kind: ReceiptKind, progress: Progress): OwnState {
  const wanted = withKind(own.wanted, kind, progress)
  return wanted === own.wanted ? own : { ...own, wanted }
}

function withUnpublished(own: OwnState, kind: ReceiptKind, progress: Progress): OwnState {
  const before = own.unpublished ?? NO_PROGRESS_BY_KIND
  const unpublished = withKind(before, kind, progress)
  return unpublished === before ? own : { ...own, unpublished }
}

function withKind(states: ProgressByKind, kind: ReceiptKind, progress: Progress): ProgressByKind {
  const joined = joinProgress(states[kind], progress)
  return joined === states[kind] ? states : { ...states, [kind]: joined }
}

function prefixOf(progress: Progress): Progress {
  const end = progress.ranges.at(-1)?.to
  return end === undefined ? progress : toProgress(end)
}

/**
 * The part of a reading that lies after the floor. A prefix or stretch that begins at or before it is published only from the first
 * seen point after it: less than was read, but never anything from before.
 */
function publishable(progress: Progress, { upTo = null, ranges = [], points = [] }: ReceiptContent, floor: Point | null): Progress {
  if (floor === null) return progress
  const isAfter = (point: Point): boolean => comparePoints(point, floor) > 0
  const seen = [...points, ...ranges.flatMap(({ from, to }) => [from, to]), ...(upTo === null ? [] : [upTo])]
  const starts = seen.filter(isAfter).sort(comparePoints)
  const clipped = [...(progress.upTo === null ? [] : [{ from: null, to: progress.upTo }]), ...progress.ranges].flatMap(({ from, to }) => {
    if (!isAfter(to)) return []
    if (from !== null && isAfter(from)) return [{ from, to }]
    return [{ from: starts.find((start) => comparePoints(start, to) <= 0) ?? to, to }]
  })
  return isNoProgress(progress) ? progress : toProgress(null, clipped)
}
