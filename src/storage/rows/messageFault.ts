/** Whether something is a message row. A kind of body that this version does not know passes: a newer version in another tab may have written it. */
import { isPoint } from '../../model/index.js'
import { faultOf, isNumber, isFlag, isRow, isText, listOf, nullable, oneOf, optional, own, shape, type FieldCheck } from './fields.js'

/** Why it is none; null when it is one. */
export function messageFault(value: unknown): string | null {
  return faultOf(value, MESSAGE)
}

/** Whether something says where a file is, or what it is. */
export const isFile = shape({
  url: optional(isText),
  ref: optional(isText),
  name: optional(isText),
  mime: optional(isText),
  sizeBytes: optional(isNumber),
})

const BODIES: ReadonlyMap<unknown, FieldCheck> = new Map([
  ['text', shape({ text: isText, mentions: optional(listOf(shape({ userId: isText, start: isNumber, end: isNumber }))) })],
  ['system', shape({ text: isText })],
  ['image', shape({ file: isFile, widthPx: optional(isNumber), heightPx: optional(isNumber), alt: optional(isText) })],
  ['video', shape({ file: isFile, widthPx: optional(isNumber), heightPx: optional(isNumber), durationMs: optional(isNumber) })],
  ['voice', shape({ file: isFile, durationMs: optional(isNumber) })],
  ['file', shape({ file: isFile })],
  ['custom', shape({ type: isText, fallback: optional(isText) })],
])

/** Whether something is what a message says. */
export const isBody: FieldCheck = (value) => {
  if (!isRow(value)) return false
  const kind = own(value, 'kind')
  if (typeof kind !== 'string') return false
  return BODIES.get(kind)?.(value) ?? true
}

const MESSAGE = {
  conversationId: isText,
  from: isText,
  localId: isText,
  ids: listOf(isText),
  at: nullable(isPoint),
  otherPlaces: optional(listOf(isPoint)),
  time: isNumber,
  untimed: optional(isFlag),
  body: isBody,
  outgoing: optional(oneOf('sending', 'failed')),
  failure: optional(shape({ code: isText, message: isText, action: optional(isText) })),
  echoOrder: optional(isNumber),
  failedAfter: optional(nullable(isPoint)),
  receiptRequested: optional(isFlag),
  replyTo: optional(isText),
  editedAt: optional(isNumber),
  recalledAt: optional(isNumber),
  deletedAt: optional(isNumber),
  hidden: optional(isFlag),
  reactions: optional(listOf(shape({ emoji: isText, by: isText }))),
} satisfies Record<string, FieldCheck>

