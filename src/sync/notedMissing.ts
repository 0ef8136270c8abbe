/** What is noted to be missing without being a gap of the screen, which would wait for it, and show nothing of what lies below. One row of each conversation. */
import { isPoint, type ConversationId, type Point } from '../model/index.js'
import type { Gap, StorageTx } from '../storage/index.js'

export type Missing = Pick<Gap, 'after' | 'before'>

export interface Known {
  /** Before anything came: where the newest message stands, as the wire told; null = there was none. */
  readonly told?: Point | null
  /** Since something came, or might have. */
  readonly missing?: readonly Missing[]
}

const keyOf = (id: ConversationId) => `neverCame ${id}`

/** What is torn of it says nothing. */
export async function loadKnown(tx: StorageTx, id: ConversationId): Promise<Known | undefined> {
  const { told, missing } = ((await tx.meta.get<unknown>(keyOf(id))) ?? {}) as Partial<Record<keyof Known, unknown>>
  if (Array.isArray(missing)) return { missing: missing.filter(isMissing) }
  return told === null || isPoint(told) ? { told } : undefined
}

export async function putKnown(tx: StorageTx, id: ConversationId, known: Known): Promise<void> {
  await tx.meta.put(keyOf(id), known)
}

export async function forgetKnown(tx: StorageTx, id: ConversationId): Promise<void> {
  await tx.meta.delete(keyOf(id))
}

/** As it is noted: where numbers are consecutive less may be missing. */
export async function storedMissing(tx: StorageTx, id: ConversationId): Promise<readonly Missing[]> {
  return (await loadKnown(tx, id))?.missing ?? []
}

function isMissing(value: unknown): value is Missing {
  const { after, before } = (value ?? {}) as Partial<Record<keyof Missing, unknown>>
  return (after === null || isPoint(after)) && (before === null || isPoint(before))
}
