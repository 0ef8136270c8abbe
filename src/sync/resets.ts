/**
 * The epochs that a conversation has begun, and what is known of the losses before them. Until it is known what the server has lost, nobody knows what a position
 * behind that says of what was sent before: whoever reads on never had what was lost.
 */
import { comparePoints, isPoint, type ConversationId, type Point, type UserId } from '../model/index.js'
import { placesOf } from '../model/placesOf.js'
import { samePoint } from '../model/samePoint.js'
import type { StorageTx } from '../storage/index.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { findConversation, saveConversation } from './conversationRows.js'

/** Name of the meta row that says of how many conversations something is to be looked for: where of none, nobody reads the rows of all. */
const OPEN_KEY = 'openResets'
/** Of the meta row that says which epoch the wire has told of a conversation. A row of each: one of all would be written anew for every conversation of a server that was restored. */
export const resetKey = (id: ConversationId) => `reset ${id}`
/** Of the meta row that says what was lost of a conversation, as far as the wire told. */
const lossesKey = (id: ConversationId) => `losses ${id}`

export interface Reset {
  readonly epoch: number
  /** What was lost before this epoch, and all before it, was looked for. */
  readonly found: number
}

/** What a server lost before it began an epoch: all behind one place; or, where it does not tell, nobody knows what, nor whether it had begun others, from `since` on. */
export interface Loss {
  readonly epoch: number
  readonly after: Point | null
  readonly since?: number
}

/**
 * It is told again with every connection, by itself or with what stands in it. Until a server that was restored has said who is in a group, as far as it can be asked,
 * nobody knows for whom what is sent in this epoch is: it may have forgotten who joined or left.
 */
export async function noteReset(tx: StorageTx, { transport }: Pick<SyncContext, 'transport'>, id: ConversationId, epoch: number, changes: Changes): Promise<boolean> {
  if (!(await noteBegun(tx, id, epoch, changes))) return false
  const conversation = await findConversation(tx, id, changes)
  // Who heard of nothing from before it was told since who is in the group.
  const isTold = conversation?.head && conversation.head.epoch >= epoch
  if (transport.members && conversation?.kind === 'group' && conversation.rosterComplete && !isTold) await saveConversation(tx, { rosterUpTo: startOf(epoch), ...conversation }, changes)
  return true
}

/** Who has nothing from before it has lost nothing. @returns whether it was not known */
async function noteBegun(tx: StorageTx, id: ConversationId, epoch: number, changes: Changes): Promise<boolean> {
  const reset = await loadReset(tx, id)
  if (reset.epoch >= epoch) return false
  const isNew = (await tx.meta.get(resetKey(id))) === undefined && (await tx.messages.page({ conversationId: id, before: startOf(epoch), limit: 1 })).length === 0
  await putReset(tx, id, reset, { ...reset, epoch, ...(isNew ? { found: epoch } : {}) })
  changes.epochs = true
  return true
}

/**
 * Which of the messages that come the server may have lost: none where it shows them now; of a file all. Of what the wire tells late only mine is looked for, as far as it was not here
 * (`new`): to doubt what I read for every message of others would have my read state fall with each of them where events overtake each other.
 */
export type MayBeLost = 'none' | 'new' | 'mine' | 'all'

/**
 * Who was away, or came later, is told of no reset; and what the server has lost meanwhile may still be on its way. Before the heads are raised.
 * @returns where something has to be looked for that was believed to be there
 */
export async function noteEpochs(tx: StorageTx, ctx: Pick<SyncContext, 'me' | 'transport'>, messages: readonly Placed[], changes: Changes, mayBeLost: MayBeLost = 'mine'): Promise<readonly ConversationId[]> {
  const doubted: ConversationId[] = []
  for (const [id, { newest, oldest, mine }] of epochsOf(ctx.me, messages)) {
    const own = oldestOf(mine)
    const head = (await findConversation(tx, id, changes))?.head
    const known = head?.epoch ?? (mayBeLost === 'none' ? Infinity : oldest)
    const begun = Math.max(newest, head?.epoch ?? 0)
    const isAnyLate = mayBeLost === 'new' && own < begun
    const lost = { none: Infinity, new: isAnyLate ? await firstNew(tx, id, mine) : own, mine: own, all: oldest }[mayBeLost]
    const isLate = lost < begun
    // Of who had nothing from before it nobody has looked for anything there.
    const isNew = (newest > known || isLate) && (await noteReset(tx, ctx, id, begun, changes))
    const isAgain = lost < Infinity && (await lookAgain(tx, id, lost, changes))
    if (isAgain || (isLate && isNew)) doubted.push(id)
  }
  return doubted
}

export interface Placed {
  readonly conversationId: ConversationId
  readonly from: UserId
  readonly at: Point | null
}

/** The newest and the oldest epoch of each conversation, and where what is mine stands. */
function epochsOf(me: UserId, messages: readonly Placed[]): ReadonlyMap<ConversationId, { readonly newest: number; readonly oldest: number; readonly mine: readonly Point[] }> {
  const epochs = new Map<ConversationId, { newest: number; oldest: number; mine: Point[] }>()
  for (const { conversationId, from, at } of messages) {
    if (!at) continue
    const { newest, oldest, mine } = epochs.get(conversationId) ?? { newest: 0, oldest: Infinity, mine: [] }
    if (from === me) mine.push(at)
    epochs.set(conversationId, { newest: Math.max(newest, at.epoch), oldest: Math.min(oldest, at.epoch), mine })
  }
  return epochs
}

/** Infinity where there is none. */
const oldestOf = (places: readonly Point[]) => Math.min(...places.map(({ epoch }) => epoch))

/** The first epoch of those that are not here: for what is, it was looked, or the server has shown it. Where it was silent when it was asked, of all. */
async function firstNew(tx: StorageTx, id: ConversationId, places: readonly Point[]): Promise<number> {
  if ((await loadLosses(tx, id)).some(({ after }) => after === null)) return oldestOf(places)
  const here = (await tx.messages.byIds(id, places.map((place) => place.id))).flatMap((row) => (row ? placesOf(row) : []))
  return oldestOf(places.filter((place) => !here.some((known) => samePoint(known, place))))
}

/** @returns whether it had been looked for */
async function lookAgain(tx: StorageTx, id: ConversationId, from: number, changes: Changes): Promise<boolean> {
  const reset = await loadReset(tx, id)
  if (reset.found <= from) return false
  await putReset(tx, id, reset, { ...reset, found: from })
  changes.epochs = true
  return true
}

async function putReset(tx: StorageTx, id: ConversationId, before: Reset, reset: Reset): Promise<void> {
  await tx.meta.put(resetKey(id), reset)
  if (isOpen(before) === isOpen(reset)) return
  const count = (await countOpen(tx)) + (isOpen(reset) ? 1 : -1)
  await tx.meta.put(OPEN_KEY, Number.isFinite(count) ? Math.max(0, count) : (await listOpen(tx)).length)
}

/** What is torn of it is looked for again. */
async function loadReset(tx: StorageTx, id: ConversationId): Promise<Reset> {
  const { epoch, found } = (await tx.meta.get<Partial<Record<keyof Reset, unknown>> | null>(resetKey(id))) ?? {}
  return { epoch: isEpoch(epoch) ? epoch : 0, found: isEpoch(found) ? found : 0 }
}

const isOpen = ({ epoch, found }: Reset) => found < epoch

/** Where it is torn there may be any number. */
async function countOpen(tx: StorageTx): Promise<number> {
  const count = await tx.meta.get<unknown>(OPEN_KEY)
  if (count === undefined) return 0
  return isEpoch(count) ? count : Infinity
}

async function listOpen(tx: StorageTx): Promise<readonly (readonly [ConversationId, Reset])[]> {
  const all = await tx.conversations.list()
  const resets = await Promise.all(all.map(async ({ id }) => [id, await loadReset(tx, id)] as const))
  return resets.filter(([, reset]) => isOpen(reset))
}

/** The newest that is known to have begun. */
export async function newestEpoch(tx: StorageTx, id: ConversationId, changes: Changes): Promise<number> {
  return Math.max((await loadReset(tx, id)).epoch, (await findConversation(tx, id, changes))?.head?.epoch ?? 0)
}

const isEpoch = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

/** The conversations of which something is to be looked for. */
export async function openResets(tx: StorageTx): Promise<readonly (readonly [ConversationId, Reset])[]> {
  return (await countOpen(tx)) === 0 ? [] : listOpen(tx)
}

/**
 * What was lost before this epoch was looked for.
 * @returns whether nothing is left to be looked for
 */
export async function noteFound(tx: StorageTx, id: ConversationId, { epoch, found }: Reset, losses: readonly Loss[]): Promise<boolean> {
  const now = await loadReset(tx, id)
  const oldest = Math.min(...losses.map((loss) => loss.since ?? loss.epoch))
  // Where it was silent once it may tell now.
  const before = (await loadLosses(tx, id)).filter((loss) => loss.epoch < oldest)
  if (losses.length > 0) await tx.meta.put(lossesKey(id), [...before, ...losses].sort((a, b) => a.epoch - b.epoch))
  // Looked for again from an earlier one on, meanwhile: so it is.
  if (now.found !== found) return false
  await putReset(tx, id, now, { ...now, found: epoch })
  return now.epoch === epoch
}

async function loadLosses(tx: StorageTx, id: ConversationId): Promise<readonly Loss[]> {
  const rows = await tx.meta.get<unknown>(lossesKey(id))
  return Array.isArray(rows) ? rows.filter(isLoss) : []
}

function isLoss(row: unknown): row is Loss {
  const { epoch, after, since } = (row ?? {}) as Partial<Record<keyof Loss, unknown>>
  return isEpoch(epoch) && (after === null || isPoint(after)) && (since === undefined || isEpoch(since))
}

/** What is known of how far back positions say something. */
export interface Reach {
  /** The oldest first. */
  readonly losses: readonly Loss[]
  /** What was lost before later epochs is still to be looked for. */
  readonly openFrom: number
}

export const WHOLE_REACH: Reach = { losses: [], openFrom: Infinity }

export async function loadReach(tx: StorageTx, id: ConversationId): Promise<Reach> {
  const reset = await loadReset(tx, id)
  return { losses: await loadLosses(tx, id), openFrom: isOpen(reset) ? reset.found : Infinity }
}

/** Before all places of an epoch. */
export function startOf(epoch: number): Point {
  return { epoch, order: 0, id: '' }
}

/** What was lost between two places, as far as it is known. @param from - null: everything before */
export function lossesWithin({ losses, openFrom }: Reach, from: Point | null, to: Point): readonly Loss[] {
  const isWithin = ({ epoch, after }: Loss) => epoch <= to.epoch && (from === null || epoch > from.epoch) && !(after && from && comparePoints(after, from) < 0)
  const isAmongUntold = to.epoch > openFrom || losses.some(({ epoch, since = epoch }) => since <= to.epoch && to.epoch < epoch)
  const untold: readonly Loss[] = isAmongUntold ? [{ epoch: to.epoch, after: null }] : []
  return [...losses.filter(({ epoch }) => untold.length === 0 || epoch < to.epoch), ...untold].filter(isWithin)
}
