/** Stretches of what comes late, taken out of what was read: a position of a later epoch was told by a device that may never have had it. */
import { comparePoints, type ConversationId, type Point, type Progress } from '../model/index.js'
import { coversPoint, toProgress, type OwnState, type ProgressByKind } from '../receipts/index.js'
import { joinKinds } from '../receipts/memberState.js'
import { partsOf, progressOfParts, type Part } from '../receipts/parts.js'
import type { StorageTx } from '../storage/index.js'
import { prunedStretches } from './prunedStretches.js'
import { startOf } from './resets.js'

/** Between `last` and `next` of what was here, neither of which is in it, there is nothing but what comes late. Null: nothing was here before it. */
export interface LateStretch {
  readonly from: Point
  readonly to: Point
  readonly last: Point | null
  readonly next: Point
}

/** Rows read in one query. */
const ROWS = 500

/** @param places - of what comes late, in any order, none of which is stored yet; what was pruned comes back, and is not late */
export async function lateStretches(tx: StorageTx, id: ConversationId, places: readonly Point[]): Promise<readonly LateStretch[]> {
  const pruned = await prunedStretches(tx, id)
  const wereHere = toProgress(null, pruned)
  const late = places.filter((place) => !coversPoint(wereHere, place)).sort(comparePoints)
  if (late.length === 0) return []
  const here = [...(await placesBetween(tx, id, late[0]!, late.at(-1)!)), ...pruned.flatMap(({ from, to }) => [from, to])].sort(comparePoints)
  const stretches: LateStretch[] = []
  for (let i = 0, n = 0; i < late.length; ) {
    const from = late[i]!
    while (n < here.length && comparePoints(here[n]!, from) < 0) n += 1
    // Of an epoch that ends with it another position is a later one than of the next.
    const end = startOf(from.epoch + 1)
    const next = here[n] && comparePoints(here[n]!, end) < 0 ? here[n]! : end
    let to = from
    for (; i < late.length && comparePoints(late[i]!, next) < 0; i += 1) to = late[i]!
    stretches.push({ from, to, last: here[n - 1] ?? null, next })
  }
  return stretches
}

/** With the nearest on either side. */
async function placesBetween(tx: StorageTx, conversationId: ConversationId, first: Point, last: Point): Promise<readonly Point[]> {
  const here = (await tx.messages.page({ conversationId, before: first, limit: 1 })).map(({ at }) => at!)
  for (let after = first; ; after = here.at(-1)!) {
    const rows = await tx.messages.page({ conversationId, after, limit: ROWS })
    here.push(...rows.map(({ at }) => at!))
    if (rows.length < ROWS || comparePoints(here.at(-1)!, last) > 0) return here
  }
}

/** Without what was said of them by positions and stretches that end in a later epoch; what was here when it was read stays, also what was pruned since. */
export function withoutLate({ synced, wanted, unpublished, ...own }: OwnState, stretches: readonly LateStretch[]): OwnState {
  const kinds = ({ delivered, read, viewed }: ProgressByKind): ProgressByKind => ({ delivered: without(delivered, stretches), read: without(read, stretches), viewed: without(viewed, stretches) })
  const told = kinds(wanted)
  const all = joinKinds(kinds(synced), told)
  if (!unpublished) return { ...own, synced: all, wanted: told }
  const untold = kinds(unpublished)
  return { ...own, synced: joinKinds(all, untold), wanted: told, unpublished: untold }
}

function without(progress: Progress, stretches: readonly LateStretch[]): Progress {
  let parts = partsOf(progress)
  for (const stretch of stretches) parts = parts.flatMap((part) => cut(part, stretch))
  return progressOfParts(parts)
}

function cut(part: Part, { from, to, last, next }: LateStretch): readonly Part[] {
  const isBehind = part.to.epoch === to.epoch || comparePoints(part.to, from) < 0
  if (isBehind || (part.from && comparePoints(part.from, to) > 0)) return [part]
  const before = last && (!part.from || comparePoints(part.from, last) <= 0) ? [{ from: part.from, to: last }] : []
  return [...before, ...(comparePoints(next, part.to) <= 0 ? [{ from: next, to: part.to }] : [])]
}
