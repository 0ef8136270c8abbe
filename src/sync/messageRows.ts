/** Pure: how a message from the wire becomes a row, and how it joins the row that is there already. */
import { comparePoints, localIdFor, messageKey, type Message, type MessageBody, type MessageId, type Point } from '../model/index.js'
import { placesOf } from '../model/placesOf.js'
import { sameData } from '../model/sameData.js'
import { compareRows } from '../store/rowOrder.js'
import type { Accepted, IncomingMessage } from '../transport/index.js'
import { isErased } from './erased.js'

export function rowFrom(incoming: IncomingMessage): Message {
  // What was counted comes as a receipt, and nothing else is believed to be one; the others this device finds out, or sets, by itself.
  const { id, localId, readCount: _counted, otherPlaces: _others, outgoing: _outgoing, failure: _failure, failedAfter: _place, echoOrder: _order, hidden: _hidden, untimed: _untimed, ...rest } = incoming as IncomingMessage & Partial<Message>
  return { ...rest, localId: localId ?? localIdFor(id), ids: [id] }
}

/** Same object when the message brings nothing new. A send that the wire stored twice stays one row at its first place, with both ids and the other place. */
export function joinIncoming(row: Message, incoming: IncomingMessage): Message {
  if (isErased(row)) return erasedAgain(row, incoming)
  const { outgoing, failure, failedAfter: _place, echoOrder: _echoOrder, untimed, ...kept } = row
  // An answer may have given a place and no time: until its own event comes it bears that of this device's clock.
  const isTimed = row.at === null || (incoming.id === row.ids[0] && incoming.at.epoch === row.at.epoch)
  const edited = (incoming.editedAt ?? -1) > (row.editedAt ?? -1) && mayBecome(row.body, incoming.body)
  const next: Message = {
    ...kept,
    // What failed of an accepted message still waits for the user.
    ...(outgoing === undefined && failure ? { failure } : {}),
    ids: withId(row.ids, incoming.id),
    at: row.at ?? incoming.at,
    ...otherPlaces(row, incoming.at),
    ...(untimed && !isTimed ? { untimed } : {}),
    time: isTimed ? incoming.time : row.time,
    ...(edited ? { body: incoming.body, editedAt: incoming.editedAt! } : {}),
    ...earliest('recalledAt', row.recalledAt, incoming.recalledAt),
    ...earliest('deletedAt', row.deletedAt, incoming.deletedAt),
    ...(incoming.reactions ? { reactions: incoming.reactions } : {}),
  }
  return sameRow(row, next) ? row : next
}

/** What was deleted for good, and stored once more by who had not heard of that, stays deleted. Where it stands is known: nothing is missing there. */
function erasedAgain(row: Message, { id, at }: IncomingMessage): Message {
  const next = withPlacesOf(row, { ids: [id], at })
  return next.ids === row.ids && next.otherPlaces === row.otherPlaces ? row : next
}

/** The row of a local echo once the back end has taken it. */
export function rowAccepted(row: Message, accepted: Accepted): Message {
  const { outgoing: _outgoing, failure: _failure, failedAfter: _place, echoOrder, untimed, ...kept } = row
  const at = row.at ?? accepted.at ?? null
  return {
    ...kept,
    ids: withId(row.ids, accepted.id),
    at,
    ...(accepted.at ? otherPlaces(row, accepted.at) : {}),
    time: row.at === null ? (accepted.time ?? row.time) : row.time,
    ...((row.at === null ? at !== null && accepted.time === undefined : untimed) ? { untimed: true } : {}),
    ...(at === null && echoOrder !== undefined ? { echoOrder } : {}),
  }
}

/**
 * The same message moved within an epoch (another order of a wire without numbers) stands nowhere else: only what bears another id is a second one.
 * A place of an epoch before that of its row was lost by the server: positions go on over it, of people who never had it.
 */
export function otherPlaces(row: Message, place: Point): Pick<Message, 'otherPlaces'> {
  const known = row.otherPlaces ?? []
  const isNew = row.at !== null && place.epoch >= row.at.epoch && [row.at, ...known].every(({ id, epoch }) => id !== place.id || epoch < place.epoch)
  return isNew ? { otherPlaces: [...known, place].sort(comparePoints) } : {}
}

/** With what another row of the same message says of where it stands, and under which ids. */
export function withPlacesOf(row: Message, same: Pick<Message, 'ids' | 'at' | 'otherPlaces'>): Message {
  const named: Message = { ...row, ids: same.ids.reduce(withId, row.ids) }
  return placesOf(same).reduce((next, place) => ({ ...next, ...otherPlaces(next, place) }), named)
}

/** An edit makes no message of a notice: what was read on both sides of it was told as read over it, and nobody saw a message there. Nor the other way round. */
export function mayBecome(before: MessageBody, after: MessageBody): boolean {
  return (before.kind === 'system') === (after.kind === 'system')
}

export function withId(ids: readonly MessageId[], id: MessageId): readonly MessageId[] {
  return ids.includes(id) ? ids : [...ids, id]
}

/** The later of two messages as the list shows them; the second where both are the same row. What is hidden here is nobody's last. */
export function laterMessage(a: Message | null, b: Message): Message | null {
  return b.hidden || (a !== null && messageKey(a) !== messageKey(b) && compareRows(a, b) > 0) ? a : b
}

/** When something last happened. What an echo claimed by the clock of this device is forgotten when the back end says when it was: that clock may be a day ahead. */
export function activityAfter(before: number, echo: Message | undefined, last: Message | null): number {
  if (last === null) return before
  const isClaimed = echo !== undefined && echo.at === null && before === echo.time
  return isClaimed ? last.time : Math.max(before, last.time)
}

function earliest<Name extends 'recalledAt' | 'deletedAt'>(name: Name, a: number | undefined, b: number | undefined): Partial<Record<Name, number>> {
  const time = a === undefined ? b : b === undefined ? a : Math.min(a, b)
  return time === undefined ? {} : ({ [name]: time } as Record<Name, number>)
}

function sameRow(a: Message, b: Message): boolean {
  return (
    a.outgoing === undefined && a.ids === b.ids && a.at === b.at && a.otherPlaces === b.otherPlaces && a.time === b.time && a.untimed === b.untimed && a.body === b.body && a.editedAt === b.editedAt &&
    a.recalledAt === b.recalledAt && a.deletedAt === b.deletedAt && sameData(a.reactions ?? [], b.reactions ?? [])
  )
}
