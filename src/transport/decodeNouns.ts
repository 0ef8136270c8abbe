/** Messages, members, conversations and receipts as they come over the wire. Each function makes a new object of known fields, or throws {@link Malformed}. */
import type { Attachment, Member, Mention, MessageBody, PointRange, Reaction } from '../model/index.js'
import { RECEIPT_KINDS } from '../model/receiptKinds.js'
import type { IncomingConversation, IncomingMessage, IncomingReceipt, Reader } from './transport.js'
import { amountOf, fieldsOf, flagOf, listOf, Malformed, nameOf, oneOf, optional, optionalOrNull, ordinalOf, pointOf, pointOrNull, textOf, timeOf, type Fields } from './fields.js'

export const VISIBILITIES = ['published', 'ownDevices'] as const
export const CONVERSATION_KINDS = ['direct', 'group'] as const
const ROLES = ['owner', 'admin', 'member'] as const

/** Deepest nesting of an app's own data; deeper ones break whoever copies them. */
const MAX_DEPTH = 32

export function decodeMessage(value: unknown): IncomingMessage {
  const from = fieldsOf(value, 'message')
  return {
    conversationId: nameOf(from['conversationId'], 'conversationId'), id: nameOf(from['id'], 'id'), at: pointOf(from['at'], 'at'),
    from: nameOf(from['from'], 'from'), ...optional(from, 'localId', nameOf), time: timeOf(from['time'], 'time'), body: decodeBody(from['body']),
    ...optional(from, 'receiptRequested', flagOf), ...optional(from, 'replyTo', nameOf),
    ...optional(from, 'editedAt', timeOf), ...optional(from, 'recalledAt', timeOf), ...optional(from, 'deletedAt', timeOf),
    ...optional(from, 'reactions', (list, what) => listOf(list, what, decodeReaction)),
  }
}

export function decodeReaction(value: unknown): Reaction {
  const from = fieldsOf(value, 'reaction')
  return { emoji: nameOf(from['emoji'], 'emoji'), by: nameOf(from['by'], 'by') }
}

/** A kind that this version does not know becomes a custom body of that type, so that the message keeps its place and an app can show it. */
export function decodeBody(value: unknown): MessageBody {
  const from = fieldsOf(value, 'body')
  const kind = nameOf(from['kind'], 'body.kind')
  switch (kind) {
    case 'text': return { kind, text: textOf(from['text'], 'text'), ...optional(from, 'mentions', (list, what) => listOf(list, what, decodeMention)) }
    case 'system': return { kind, text: textOf(from['text'], 'text') }
    case 'image': return { kind, file: decodeFile(from['file']), ...sizeOf(from), ...optional(from, 'alt', textOf) }
    case 'video': return { kind, file: decodeFile(from['file']), ...sizeOf(from), ...optional(from, 'durationMs', amountOf) }
    case 'voice': return { kind, file: decodeFile(from['file']), ...optional(from, 'durationMs', amountOf) }
    case 'file': return { kind, file: decodeFile(from['file']) }
    case 'custom': return { kind, type: nameOf(from['type'], 'type'), data: shallow(from['data']) as never, ...optional(from, 'fallback', textOf) }
    default: return { kind: 'custom', type: kind, data: shallow(from) as never }
  }
}

function decodeMention(value: unknown): Mention {
  const from = fieldsOf(value, 'mention')
  return { userId: nameOf(from['userId'], 'userId'), start: ordinalOf(from['start'], 'start'), end: ordinalOf(from['end'], 'end') }
}

function sizeOf(from: Fields) {
  return { ...optional(from, 'widthPx', amountOf), ...optional(from, 'heightPx', amountOf) }
}

function decodeFile(value: unknown): Attachment {
  const from = fieldsOf(value, 'file')
  return { ...optional(from, 'url', textOf), ...optional(from, 'ref', textOf), ...optional(from, 'name', textOf), ...optional(from, 'mime', textOf), ...optional(from, 'sizeBytes', amountOf) }
}

/** The value itself, unless it is nested too deep to be copied. */
function shallow(value: unknown): unknown {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw new Malformed('data is nested too deep')
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []))
  }
  return value
}

export function decodeMember(value: unknown): Member {
  const from = fieldsOf(value, 'member')
  return {
    userId: nameOf(from['userId'], 'userId'), role: oneOf(from['role'], 'role', ROLES),
    intervals: listOf(from['intervals'], 'intervals', (one) => {
      const interval = fieldsOf(one, 'interval')
      return { joinedAt: pointOrNull(interval['joinedAt'], 'joinedAt'), leftAt: pointOrNull(interval['leftAt'], 'leftAt') }
    }),
  }
}

export function decodeConversation(value: unknown): IncomingConversation {
  const from = fieldsOf(value, 'conversation')
  return {
    id: nameOf(from['id'], 'id'), kind: oneOf(from['kind'], 'kind', CONVERSATION_KINDS),
    ...optional(from, 'title', textOf), ...optional(from, 'avatarUrl', textOf), ...optionalOrNull(from, 'head', pointOrNull), ...optional(from, 'lastMessage', decodeMessage),
    ...optional(from, 'members', (list, what) => listOf(list, what, decodeMember)), ...optional(from, 'rosterComplete', flagOf),
  }
}

export function decodeRange(value: unknown): PointRange {
  const from = fieldsOf(value, 'range')
  return { from: pointOf(from['from'], 'from'), to: pointOf(from['to'], 'to') }
}

export function decodeReceipt(value: unknown): IncomingReceipt {
  const from = fieldsOf(value, 'receipt')
  return {
    ...optional(from, 'conversationId', nameOf), by: nameOf(from['by'], 'by'), kind: oneOf(from['kind'], 'kind', RECEIPT_KINDS), visibility: oneOf(from['visibility'], 'visibility', VISIBILITIES),
    ...optionalOrNull(from, 'upTo', pointOrNull), ...optional(from, 'ranges', (list, what) => listOf(list, what, decodeRange)), ...optional(from, 'ids', (list, what) => listOf(list, what, (id) => nameOf(id, 'id'))),
    ...optional(from, 'count', (count) => {
      const of = fieldsOf(count, 'count')
      return { id: nameOf(of['id'], 'id'), n: ordinalOf(of['n'], 'n') }
    }),
    ...optional(from, 'time', timeOf), ...optional(from, 'content', textOf),
  }
}

export function decodeReader(value: unknown): Reader {
  const from = fieldsOf(value, 'reader')
  return { userId: nameOf(from['userId'], 'userId'), kind: oneOf(from['kind'], 'kind', RECEIPT_KINDS), time: from['time'] === null ? null : timeOf(from['time'], 'time'), ...optional(from, 'content', textOf) }
}
