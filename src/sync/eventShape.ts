/** Pure: whether what a wire hands over is an event at all. Wires are written by others, and their servers by others again; what is none changes nothing. */
import { comparePoints, isPoint } from '../model/index.js'
import type { Gap } from '../storage/index.js'
import { faultOf, isCount, isFlag, isText, listOf, nullable, oneOf, optional, shape, type FieldCheck, type Row } from '../storage/rows/fields.js'
import { isBody } from '../storage/rows/messageFault.js'
import { memberFault } from '../storage/rows/rowFaults.js'
import { isMoment } from './receiptShape.js'

const isPlace = nullable(isPoint)
const isId: FieldCheck = (value) => typeof value === 'string' && value !== ''
const OF_MESSAGE = { conversationId: isId, id: isId }

/** Fields by type of event. A message and a receipt are looked at where they are applied. */
const EVENTS: ReadonlyMap<unknown, Readonly<Record<string, FieldCheck>>> = new Map<unknown, Readonly<Record<string, FieldCheck>>>([
  ['state', { state: shape({ status: oneOf('online', 'connecting', 'offline') }) }],
  ['conversation', { conversation: shape({ id: isId, kind: oneOf('direct', 'group'), title: optional(isText), avatarUrl: optional(isText), head: optional(isPlace), members: optional(listOf(isMember)), rosterComplete: optional(isFlag) }) }],
  ['member', { conversationId: isId, member: isMember }],
  ['message', {}],
  ['edited', { ...OF_MESSAGE, body: isBody, time: isMoment }],
  ['recalled', { ...OF_MESSAGE, by: isText, time: isMoment }],
  ['deleted', { ...OF_MESSAGE, by: isText, time: isMoment }],
  ['reacted', { ...OF_MESSAGE, reaction: shape({ emoji: isId, by: isId }), on: isFlag }],
  ['receipt', {}],
  ['typing', { conversationId: isId, by: isId, on: isFlag }],
  ['presence', { userId: isId, presence: oneOf('online', 'unavailable', 'offline') }],
  ['gap', { conversationId: isId, after: isPlace, before: isPlace }],
  ['reset', { conversationId: isId, epoch: isCount }],
  ['cursor', { cursor: isText }],
])

/** @returns what is told when it is dropped; null for an event */
export function whyNoEvent(event: unknown): string | null {
  try {
    const type = (event as Row | null | undefined)?.['type']
    if (typeof type !== 'string') return 'event/malformed'
    const fields = EVENTS.get(type)
    if (fields === undefined) return 'event/unknown'
    return faultOf(event, fields) === null && (type !== 'gap' || hasRoom(event as Gap)) ? null : `${type}/malformed`
  } catch {
    // A getter or a proxy of the host's own.
    return 'event/malformed'
  }
}

/** A stretch that ends before it begins, or where it begins, can have nothing missing in it. */
function hasRoom({ after, before }: Gap): boolean {
  return after === null || before === null || comparePoints(after, before) < 0
}

export function isMember(value: unknown): boolean {
  return memberFault(value) === null
}
