/**
 * The epochs that a conversation has begun, and which of the losses before them were looked for. Until one was, nobody knows what a position
 * behind it says of what was sent before: the server may have lost it, and whoever reads on never had it.
 */
import type { ConversationId, Point, UserId } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import type { Changes } from './changes.js'
import { findConversation } from './conversationRows.js'

/** Name of the meta row that holds the epochs which the wire has told, by conversation. */
const RESETS_KEY = 'resets'

export interface Reset {
  readonly epoch: number
  /** What was lost before this epoch, and all before it, was looked for. */
  readonly found: number
  /** The wire did not say what it had before this epoch, and is not asked again. */
  readonly silentBefore?: number
}

type Resets = Readonly<Record<ConversationId, Reset>>

/** It is told again with every connection. */
export async function noteReset(tx: StorageTx, id: ConversationId, epoch: number, changes: Changes): Promise<void> {
  const resets = await loadResets(tx)
  const reset = resetOf(resets, id)
  if (reset.epoch < epoch) await putReset(tx, resets, id, { ...reset, epoch }, changes)
}

/**
 * Who was away, or came later, is told of no reset; and what the server has lost meanwhile may still be on its way. Before the heads are raised.
 * @param areThere - the server shows them now: none of them is lost
 */
export async function noteEpochs(tx: StorageTx, me: UserId, messages: readonly Placed[], changes: Changes, areThere = false): Promise<void> {
  for (const [id, { newest, own }] of epochsOf(me, messages)) {
    const head = (await findConversation(tx, id, changes))?.head
    if (head && newest > head.epoch) await noteReset(tx, id, newest, changes)
    if (head && own < Infinity && !areThere) await lookAgain(tx, id, own, changes)
  }
}

interface Placed {
  readonly conversationId: ConversationId
  readonly from: UserId
  readonly at: Point | null
}

/** The newest epoch of each conversation, and the oldest of what is mine. */
function epochsOf(me: UserId, messages: readonly Placed[]): ReadonlyMap<ConversationId, { readonly newest: number; readonly own: number }> {
  const epochs = new Map<ConversationId, { newest: number; own: number }>()
  for (const { conversationId, from, at } of messages) {
    if (!at) continue
    const { newest, own } = epochs.get(conversationId) ?? { newest: 0, own: Infinity }
    epochs.set(conversationId, { newest: Math.max(newest, at.epoch), own: from === me ? Math.min(own, at.epoch) : own })
  }
  return epochs
}

async function lookAgain(tx: StorageTx, id: ConversationId, from: number, changes: Changes): Promise<void> {
  const resets = await loadResets(tx)
  const reset = resetOf(resets, id)
  if (reset.found > from) await putReset(tx, resets, id, { ...reset, found: from }, changes)
}

async function putReset(tx: StorageTx, resets: Resets, id: ConversationId, reset: Reset, changes: Changes): Promise<void> {
  await tx.meta.put(RESETS_KEY, { ...resets, [id]: reset })
  changes.epochs = true
}

function resetOf(resets: Resets, id: ConversationId): Reset {
  return Object.hasOwn(resets, id) ? resets[id]! : { epoch: 0, found: 0 }
}

export async function loadResets(tx: StorageTx): Promise<Resets> {
  return (await tx.meta.get<Resets>(RESETS_KEY)) ?? {}
}

/**
 * What was lost before this epoch was looked for.
 * @param silentBefore - of what was before this one the wire said nothing
 * @returns whether nothing is left to be looked for
 */
export async function noteFound(tx: StorageTx, id: ConversationId, { epoch, found }: Reset, silentBefore: number | null): Promise<boolean> {
  const resets = await loadResets(tx)
  const now = resetOf(resets, id)
  // Looked for again from an earlier one on, meanwhile: so it is.
  if (now.found !== found) return false
  const silent = Math.max(silentBefore ?? 0, now.silentBefore ?? 0)
  await tx.meta.put(RESETS_KEY, { ...resets, [id]: { ...now, found: epoch, ...(silent > 0 ? { silentBefore: silent } : {}) } })
  return now.epoch === epoch
}

/** How far back positions of others say something. */
export interface Reach {
  /** The first epoch that a position in this one says something of; 0: of all that came before. */
  since(epoch: number): number
  /** Whether more may be known once the wire was asked. */
  readonly isOpen: boolean
}

export const WHOLE_REACH: Reach = { since: () => 0, isOpen: false }

export async function loadReach(tx: StorageTx, id: ConversationId): Promise<Reach> {
  const { epoch: newest, found, silentBefore = 0 } = resetOf(await loadResets(tx), id)
  const isOpen = found < newest
  return { since: (epoch) => (isOpen && epoch > found ? epoch : epoch >= silentBefore ? silentBefore : 0), isOpen }
}
