/** Where messages stood that were here, and of which room was made: what a file brings back of them was here when what stands behind it was read. */
import type { ConversationId, PointRange } from '../model/index.js'
import { joinProgress, toProgress } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import { isRange, soundOf } from './soundPlaces.js'

/** Stretches kept of one conversation, the newest. */
const MOST_STRETCHES = 200

/** @param stretches - between whose ends nothing was missing */
export async function notePruned(tx: StorageTx, id: ConversationId, stretches: readonly PointRange[]): Promise<void> {
  if (stretches.length === 0) return
  const known = toProgress(null, await prunedStretches(tx, id))
  await tx.meta.put(keyOf(id), joinProgress(known, toProgress(null, stretches)).ranges.slice(-MOST_STRETCHES))
}

/** In order. */
export async function prunedStretches(tx: StorageTx, id: ConversationId): Promise<readonly PointRange[]> {
  return soundOf(tx, keyOf(id), isRange)
}

const keyOf = (id: ConversationId) => `pruned ${id}`
