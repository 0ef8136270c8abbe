/**
 * From where reading may be told, kept with the choices beside the database: receipts that were switched on again are told only of what comes after.
 * A floor that went with the rows would leave what was read in private to be published with a later prefix.
 */
import { comparePoints, isPoint, maxPoint, type Conversation, type ConversationId, type Point } from '../model/index.js'
import { NO_OWN_STATE, startPublishing, type OwnState } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import type { Changes } from './changes.js'

export interface Floors {
  readonly here: ReadonlyMap<ConversationId, Point>
  /** Of conversations for which there was no room, the highest: none of theirs lies beyond it, nor beyond their head. Null: there was room for all. */
  readonly rest: Point | null
}

/** As they are written: `floors` of conversations, `floor` of the rest. */
export interface FloorsRow {
  readonly floors?: unknown
  readonly floor?: unknown
}

export const NO_FLOORS: Floors = { here: new Map(), rest: null }

/** The floor of a conversation whose head nobody knows yet: it lies at that, wherever it turns out to be. Beyond every place, so that until then nothing is told. */
export const AT_HEAD: Point = { epoch: Number.MAX_SAFE_INTEGER, order: Number.MAX_SAFE_INTEGER, id: '' }

export const isAtHead = (floor: Point | null) => floor !== null && comparePoints(floor, AT_HEAD) === 0

export function floorOf({ here, rest }: Floors, { id, head }: Pick<Conversation, 'id' | 'head'>): Point | null {
  const highest = head !== null && rest !== null && comparePoints(head, rest) < 0 ? head : rest
  return here.get(id) ?? highest
}

/** As many as fit into so many characters, the highest first: what is left out has the highest of those left out. */
export function fittingFloors({ here, rest }: Floors, room: number): Floors {
  const kept = new Map<ConversationId, Point>()
  let left = room
  let highest = rest
  for (const [id, floor] of [...here].toSorted((a, b) => comparePoints(b[1], a[1]))) {
    left -= JSON.stringify([id, floor]).length + 1
    if (left >= 0) kept.set(id, floor)
    else highest = maxPoint(highest, floor)
  }
  return { here: kept, rest: highest }
}

export function floorsToRow({ here, rest }: Floors): FloorsRow {
  return { ...(here.size > 0 ? { floors: [...here] } : {}), ...(rest ? { floor: rest } : {}) }
}

/** Null where some of it cannot be read, or is a hole in the list: any place may have stood there. */
export function floorsFromRow({ floors = [], floor = null }: FloorsRow): Floors | null {
  const isPair = (pair: unknown): pair is [string, Point] => Array.isArray(pair) && typeof pair[0] === 'string' && isPoint(pair[1])
  if (!Array.isArray(floors) || !Array.from<unknown>(floors).every(isPair) || !(floor === null || isPoint(floor))) return null
  return { here: new Map(floors), rest: floor }
}

/** My own state in a conversation that is new to these rows begins where it did before them. */
export async function restoreFloor(tx: StorageTx, floors: Floors, conversation: Conversation, changes?: Changes): Promise<void> {
  const floor = floorOf(floors, conversation)
  if (floor === null) return
  const before = await ownOf(tx, conversation.id, changes)
  const own = startPublishing(before, floor)
  if (own !== before) await putOwn(tx, conversation.id, own, changes)
}

/** The wire has said where the conversation ends: what has only the floor of the rest has none beyond that. */
export async function lowerFloor(tx: StorageTx, floors: Floors, conversation: Pick<Conversation, 'id' | 'head'>, changes: Changes): Promise<void> {
  if (floors.rest === null) return
  const before = await ownOf(tx, conversation.id, changes)
  if (isAtHead(before.publishFloor)) return putOwn(tx, conversation.id, { ...before, publishFloor: conversation.head }, changes)
  if (floors.here.has(conversation.id)) return
  if (before.publishFloor === null || comparePoints(before.publishFloor, floors.rest) !== 0) return
  await putOwn(tx, conversation.id, { ...before, publishFloor: conversation.head && floorOf(floors, conversation) }, changes)
}

/** The back end has listed all there are: floors at a head lie at the one that is known by now. Returns whether none is left without. */
export async function settleFloors(tx: StorageTx): Promise<boolean> {
  let isDone = true
  for (const { id, head } of await tx.conversations.list()) {
    const own = await tx.readStates.getOwn(id)
    if (!own || !isAtHead(own.publishFloor)) continue
    if (head === null) isDone = false
    else await tx.readStates.putOwn(id, { ...own, publishFloor: head })
  }
  return isDone
}

async function ownOf(tx: StorageTx, id: ConversationId, changes?: Changes): Promise<OwnState> {
  return changes?.own.get(id) ?? (await tx.readStates.getOwn(id)) ?? NO_OWN_STATE
}

async function putOwn(tx: StorageTx, id: ConversationId, own: OwnState, changes?: Changes): Promise<void> {
  await tx.readStates.putOwn(id, own)
  changes?.own.set(id, own)
}
