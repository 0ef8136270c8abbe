/** Whether something is a row of the smaller tables. Each answers why it is none, or null. */
import { isPoint } from '../../model/index.js'
import { faultOf, isCount, isFlag, isNumber, isRow, isText, listOf, nullable, oneOf, optional, own, shape, type FieldCheck } from './fields.js'
import { isBody, messageFault } from './messageFault.js'
import { areContents } from './packedState.js'

/** Why `value` is no row; null when it is one. */
export type RowFault = (value: unknown) => string | null

const isPlace = nullable(isPoint)
const isIntervals = listOf(shape({ joinedAt: isPlace, leftAt: isPlace }))
const isProgress = shape({ upTo: isPlace, ranges: listOf(shape({ from: isPoint, to: isPoint })) })
const PROGRESSES = { delivered: isProgress, read: isProgress, viewed: isProgress }
const isProgressByKind = shape(PROGRESSES)
const isFacts = listOf(shape({ from: isPlace, to: isPoint, time: isNumber }))

const UNREAD = { count: isCount, exact: isFlag }

const CONVERSATION = {
  id: isText,
  kind: oneOf('direct', 'group'),
  title: optional(isText),
  avatarUrl: optional(isText),
  head: isPlace,
  lastMessage: nullable((value) => messageFault(value) === null),
  lastActivityAt: isNumber,
  unread: nullable(shape(UNREAD)),
  joined: optional(isIntervals),
  manualUnread: shape({ rev: isNumber, on: isFlag }),
  draft: optional(isText),
  pinned: optional(isFlag),
  receipts: optional(oneOf('public', 'private', 'off')),
  rosterComplete: isFlag,
  rosterUpTo: optional(isPlace),
}

const MEMBER = {
  userId: isText,
  role: oneOf('owner', 'admin', 'member'),
  intervals: isIntervals,
}

const MEMBER_STATE = { memberId: isText, ...PROGRESSES, times: shape({ delivered: isFacts, read: isFacts, viewed: isFacts }), contents: optional(areContents) }

const OWN_STATE = {
  synced: isProgressByKind,
  wanted: isProgressByKind,
  acked: shape({ published: isProgressByKind, ownDevices: isProgressByKind }),
  publishFloor: isPlace,
  unpublished: optional(isProgressByKind),
}

const OUTBOX = {
  seq: isCount,
  conversationId: isText,
  attempts: isCount,
  notBefore: isNumber,
  failed: optional(shape({ code: isText, message: isText })),
}

/** An entry that does not say what is to be done would stand in the way of its conversation for ever. */
function isPayloadOf(action: string): FieldCheck {
  const isDone = shape({ action: oneOf(action), ...(action === 'edit' && { body: isBody }), ...(action === 'react' && { emoji: isText, on: isFlag }) })
  return shape({ done: isDone, undo: isRow })
}

const OUTBOX_ACTIONS: ReadonlyMap<unknown, Record<string, FieldCheck>> = new Map<unknown, Record<string, FieldCheck>>([
  ['send', { lane: oneOf('intent'), localId: isText, from: isText }],
  ...['edit', 'recall', 'delete', 'react'].map((action) => [action, { lane: oneOf('intent'), messageId: isText, payload: isPayloadOf(action) }] as [unknown, Record<string, FieldCheck>]),
  ['report', { lane: oneOf('receipt'), kind: oneOf('delivered', 'read', 'viewed'), visibility: oneOf('published', 'ownDevices'), readAt: isNumber, said: optional(shape({ id: isText, content: isText })) }],
])

export const conversationFault: RowFault = (value) => faultOf(value, CONVERSATION)
export const unreadFault: RowFault = (value) => faultOf(value, UNREAD)
export const memberFault: RowFault = (value) => faultOf(value, MEMBER)
export const memberStateFault: RowFault = (value) => faultOf(value, MEMBER_STATE)
export const ownStateFault: RowFault = (value) => faultOf(value, OWN_STATE)
export const heldFault: RowFault = (value) => faultOf(value, { key: isText, conversationId: isText, heldAt: isNumber })
export const gapFault: RowFault = (value) => faultOf(value, { conversationId: isText, after: isPlace, before: isPlace })

export const outboxFault: RowFault = (value) => {
  const fault = faultOf(value, OUTBOX)
  if (fault !== null || !isRow(value)) return fault
  const fields = OUTBOX_ACTIONS.get(own(value, 'action'))
  return fields ? faultOf(value, fields) : 'action is unknown'
}
