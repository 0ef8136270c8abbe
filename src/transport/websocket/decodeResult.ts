/** Answers, each held against the call that it answers. */
import type { Paged } from '../transport.js'
import { decodeConversation, decodeMember, decodeMessage, decodeReader, decodeReceipt } from '../decodeNouns.js'
import { fieldsOf, flagOf, listOf, nameOf, optional, pointOf, pointOrNull, textOf, timeOf } from '../fields.js'
import type { CallName, Calls } from './protocol.js'

/** @throws Malformed when the answer is not one to that call */
export function decodeResult<Name extends CallName>(name: Name, result: unknown): Calls[Name]['result'] {
  return (RESULTS[name] as (value: unknown) => Calls[Name]['result'])(result)
}

const nothing = () => null

const RESULTS: { readonly [Name in CallName]: (value: unknown) => Calls[Name]['result'] } = {
  send(value) {
    const from = fieldsOf(value, 'result')
    return { localId: nameOf(from['localId'], 'localId'), id: nameOf(from['id'], 'id'), ...optional(from, 'at', pointOf), ...optional(from, 'time', timeOf), ...optional(from, 'repeat', flagOf) }
  },
  report: nothing,
  conversations: (value) => pageOf(value, decodeConversation),
  members: (value) => pageOf(value, decodeMember),
  readStates: (value) => listOf(value, 'result', decodeReceipt),
  history(value) {
    const from = fieldsOf(value, 'result')
    return { messages: listOf(from['messages'], 'messages', decodeMessage), contiguousTo: pointOrNull(from['contiguousTo'], 'contiguousTo') }
  },
  readers: (value) => pageOf(value, decodeReader),
  join: nothing, leave: nothing, ensureConversation: nothing, edit: nothing, recall: nothing, delete: nothing, react: nothing, typing: nothing, presence: nothing,
}

function pageOf<T>(value: unknown, read: (one: unknown) => T): Paged<T> {
  const from = fieldsOf(value, 'result')
  return { items: listOf(from['items'], 'items', read), ...optional(from, 'next', textOf) }
}
