import type { TransportEvent } from './transport.js'
import { decodeBody, decodeConversation, decodeMember, decodeMessage, decodeReaction, decodeReceipt } from './decodeNouns.js'
import { fieldsOf, flagOf, nameOf, oneOf, optional, ordinalOf, pointOrNull, timeOf, type Fields } from './fields.js'

/** One event of an `events` or `ephemeral` frame; null for a type that this version does not know. @throws Malformed */
export function decodeEvent(value: unknown): TransportEvent | null {
  const from = fieldsOf(value, 'event')
  switch (from['type']) {
    case 'conversation': return { type: 'conversation', conversation: decodeConversation(from['conversation']) }
    case 'member': return { type: 'member', conversationId: conversationIdOf(from), member: decodeMember(from['member']) }
    case 'message': return { type: 'message', message: decodeMessage(from['message']) }
    case 'edited': return { type: 'edited', ...onMessage(from), body: decodeBody(from['body']), time: timeOf(from['time'], 'time') }
    case 'recalled': return { type: 'recalled', ...onMessage(from), by: nameOf(from['by'], 'by'), time: timeOf(from['time'], 'time') }
    case 'deleted': return { type: 'deleted', ...onMessage(from), by: nameOf(from['by'], 'by'), time: timeOf(from['time'], 'time'), ...optional(from, 'hard', flagOf) }
    case 'reacted': return { type: 'reacted', ...onMessage(from), reaction: decodeReaction(from['reaction']), on: flagOf(from['on'], 'on') }
    case 'receipt': return { type: 'receipt', ...decodeReceipt(from) }
    case 'typing': return { type: 'typing', conversationId: conversationIdOf(from), by: nameOf(from['by'], 'by'), on: flagOf(from['on'], 'on') }
    case 'presence': return { type: 'presence', userId: nameOf(from['userId'], 'userId'), presence: oneOf(from['presence'], 'presence', ['online', 'unavailable', 'offline']) }
    case 'gap': return { type: 'gap', conversationId: conversationIdOf(from), after: pointOrNull(from['after'], 'after'), before: pointOrNull(from['before'], 'before') }
    case 'reset': return { type: 'reset', conversationId: conversationIdOf(from), epoch: ordinalOf(from['epoch'], 'epoch') }
    // `state` and `cursor` are the transport's own; a server that sends them is not heard.
    default: return null
  }
}

function conversationIdOf(from: Fields): string {
  return nameOf(from['conversationId'], 'conversationId')
}

function onMessage(from: Fields) {
  return { conversationId: conversationIdOf(from), id: nameOf(from['id'], 'id') }
}
