/**
 * Places over which nothing may be claimed: of messages that this device was given and cannot show (they came malformed, or their rows do not parse any more),
 * the other places of those that the wire stored twice, and where gaps ended when a server lost its tail.
 */
import { comparePoints, isPoint, type ConversationId, type MessageId, type Point, type PointRange } from '../model/index.js'
import type { Gap, StorageTx } from '../storage/index.js'
import { isCount, isRow, isText, own } from '../storage/rows/fields.js'
import { isRange, soundIn, soundOf } from './soundPlaces.js'

/** Holes kept of one conversation; beyond, the oldest two become one that reaches over both. */
const MOST_HOLES = 200

/** Notes the place of a message that was dropped, where it tells one. */
export async function noteHole(tx: StorageTx, me: string, message: unknown): Promise<void> {
  const place = placeOf(message)
  if (place === null || place.from === me) return
  await addHoles(tx, place.conversationId, [{ from: place.at, to: place.at }])
}

export async function addHoles(tx: StorageTx, id: ConversationId, more: readonly PointRange[]): Promise<void> {
  const known = await storedHoles(tx, id)
  const isKnown = (hole: PointRange) => known.some(({ from, to }) => comparePoints(from, hole.from) <= 0 && comparePoints(hole.to, to) <= 0)
  const fresh = more.filter((hole) => !isKnown(hole))
  if (fresh.length === 0) return
  const holes = [...known, ...fresh].sort((a, b) => comparePoints(a.from, b.from))
  const over = holes.length - MOST_HOLES
  await tx.meta.put(keyOf(id), over > 0 ? [{ from: holes[0]!.from, to: holes[over]!.to }, ...holes.slice(over + 1)] : holes)
}

export async function holesOf(tx: StorageTx, id: ConversationId): Promise<readonly PointRange[]> {
  const quarantined = (await tx.quarantine.list()).flatMap(({ table, row }) => {
    const place = table === 'messages' ? placeOf(row) : null
    return place?.conversationId === id ? [{ from: place.at, to: place.at }] : []
  })
  return [...(await storedHoles(tx, id)), ...quarantined]
}

export function sameHole(a: PointRange, b: PointRange): boolean {
  return comparePoints(a.from, b.from) === 0 && comparePoints(a.to, b.to) === 0
}

async function storedHoles(tx: StorageTx, id: ConversationId): Promise<readonly PointRange[]> {
  return soundOf(tx, keyOf(id), isRange)
}

/** Another place of a message that the wire stored twice, beside that of its row: whoever claims this place claims to have read the message. */
interface OtherPlace {
  readonly at: Point
  readonly id: MessageId
}

export async function noteOtherPlaces(tx: StorageTx, conversationId: ConversationId, more: readonly OtherPlace[]): Promise<void> {
  const known = await otherPlacesOf(tx, conversationId)
  const fresh = more.filter(({ at }) => !known.some((other) => comparePoints(at, other.at) === 0))
  if (fresh.length > 0) await tx.meta.put(otherKeyOf(conversationId), [...known, ...fresh])
}

/** Of those of mine the newest are kept: a number that nobody knows is missing for ten minutes. */
const MOST_OWN = 200

/** Where else a message of mine stands, or stood until the server lost it: nobody claims to have read it, and its number is not missing. */
export async function noteOwnPlaces(tx: StorageTx, id: ConversationId, places: readonly Point[]): Promise<void> {
  const known = await ownPlacesOf(tx, id)
  const fresh = places.filter((at) => !known.some((other) => comparePoints(at, other) === 0))
  if (fresh.length > 0) await tx.meta.put(ownKeyOf(id), [...known, ...fresh].sort(comparePoints).slice(-MOST_OWN))
}

export async function ownPlacesOf(tx: StorageTx, id: ConversationId): Promise<readonly Point[]> {
  return soundOf(tx, ownKeyOf(id), isPoint)
}

export async function otherPlacesOf(tx: StorageTx, id: ConversationId): Promise<readonly OtherPlace[]> {
  return soundOf(tx, otherKeyOf(id), isOtherPlace)
}

function isOtherPlace(value: unknown): value is OtherPlace {
  return isRow(value) && isPoint(own(value, 'at')) && isText(own(value, 'id'))
}

/**
 * Places that bear no row, in order, and whose numbers are not missing: the second ones of messages, and what the server lost of mine.
 * @param others - the second ones, where they were read already
 */
export async function placesWithoutRow(tx: StorageTx, id: ConversationId, others?: readonly OtherPlace[]): Promise<readonly Point[]> {
  return [...(await ownPlacesOf(tx, id)), ...(others ?? (await otherPlacesOf(tx, id))).map(({ at }) => at)].sort(comparePoints)
}

/** How far gaps reached when the server last lost its tail: history that closes one of them has nothing of what was lost there. */
interface LostEnds {
  readonly epoch: number
  readonly ends: readonly PointRange[]
}

export async function noteLostEnds(tx: StorageTx, id: ConversationId, epoch: number, gaps: readonly Pick<Gap, 'before'>[]): Promise<void> {
  const known = await lostEndsOf(tx, id)
  // It is told again with every connection.
  if (known && known.epoch >= epoch) return
  const ends = gaps.flatMap(({ before }) => (before ? [{ from: { ...before, id: '' }, to: { ...before, id: '' } }] : []))
  await tx.meta.put(lostKeyOf(id), { epoch, ends: [...(known?.ends ?? []), ...ends] })
}

/** Of one whose epoch is torn the loss may be told again, and is noted then. */
async function lostEndsOf(tx: StorageTx, id: ConversationId): Promise<LostEnds | undefined> {
  const row = await tx.meta.get<unknown>(lostKeyOf(id))
  if (!isRow(row)) return undefined
  const epoch = own(row, 'epoch')
  return { epoch: isCount(epoch) ? (epoch as number) : 0, ends: soundIn(own(row, 'ends'), isRange) }
}

/** What no stretch may be claimed over besides holes: those ends, and the other places of messages that stand twice. */
export async function stretchEndsOf(tx: StorageTx, id: ConversationId): Promise<readonly PointRange[]> {
  return [...((await lostEndsOf(tx, id))?.ends ?? []), ...(await otherPlacesOf(tx, id)).map(({ at }) => ({ from: at, to: at }))]
}

/** All that is noted here of a conversation, for another storage. */
export async function notedOf(tx: StorageTx, id: ConversationId): Promise<Noted> {
  return { holes: await holesOf(tx, id), others: await otherPlacesOf(tx, id), mine: await ownPlacesOf(tx, id), lost: await lostEndsOf(tx, id) }
}

interface Noted {
  readonly holes: readonly PointRange[]
  readonly others: readonly OtherPlace[]
  readonly mine: readonly Point[]
  readonly lost: LostEnds | undefined
}

/** Before the gaps of that storage are here: only its own ended somewhere when it was told of a loss. */
export async function joinNoted(tx: StorageTx, id: ConversationId, { holes, others, mine, lost }: Noted): Promise<void> {
  await addHoles(tx, id, holes)
  await noteOtherPlaces(tx, id, others)
  await noteOwnPlaces(tx, id, mine)
  if (!lost) return
  await noteLostEnds(tx, id, lost.epoch, await tx.gaps.list(id))
  const known = (await lostEndsOf(tx, id))!
  const more = lost.ends.filter(({ from }) => !known.ends.some((end) => comparePoints(end.from, from) === 0))
  if (more.length > 0) await tx.meta.put(lostKeyOf(id), { ...known, ends: [...known.ends, ...more] })
}

const lostKeyOf = (id: ConversationId) => `lostEnds ${id}`
const otherKeyOf = (id: ConversationId) => `otherPlaces ${id}`
const ownKeyOf = (id: ConversationId) => `ownPlaces ${id}`
const keyOf = (id: ConversationId) => `holes ${id}`

/** Where something that is no message would stand. */
function placeOf(value: unknown): { readonly conversationId: string; readonly from: unknown; readonly at: Point } | null {
  try {
    const { conversationId, from, at } = value as { readonly conversationId?: unknown; readonly from?: unknown; readonly at?: unknown }
    if (typeof conversationId !== 'string' || conversationId === '' || !isPoint(at)) return null
    return { conversationId, from, at: { epoch: at.epoch + 0, order: at.order + 0, id: at.id } }
  } catch {
    // A getter or a proxy of the host's own.
    return null
  }
}
