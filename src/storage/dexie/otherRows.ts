/** The smaller tables' rows. Values that do not name their own key lie whole within `value`, so that no field of theirs can collide with the key. */
import type { Conversation, ConversationId, Member } from '../../model/index.js'
import type { MemberState, OwnState } from '../../receipts/readState.js'
import { own } from '../rows/fields.js'
import { messageFault } from '../rows/messageFault.js'
import { conversationFault, gapFault, heldFault, memberFault, memberStateFault, outboxFault, ownStateFault, unreadFault } from '../rows/rowFaults.js'
import type { Gap, HeldEvent, OutboxEntry } from '../storage.js'
import type { RowCodec } from './rowCodec.js'

export const conversationRow: RowCodec<Conversation> = {
  table: 'conversations',
  encode: (conversation) => conversation,
  // What is counted and copied from messages can be made anew: a conversation is not lost for it.
  decode: (row) => ({ ...row, lastMessage: messageFault(own(row, 'lastMessage')) === null ? row['lastMessage'] : null, unread: unreadFault(own(row, 'unread')) === null ? row['unread'] : null }),
  keyOf: (row) => row['id'] as IDBValidKey,
  fault: conversationFault,
}

/** Lane of a row that failed: the index by lane then tells how many wait to be sent. */
export const FAILED_LANE = 'failed'

export const outboxRow: RowCodec<OutboxEntry> = {
  table: 'outbox',
  encode: (entry) => (entry.failed ? { ...entry, lane: FAILED_LANE } : entry),
  decode: (row) => (row['lane'] === FAILED_LANE ? { ...row, lane: 'intent' } : row),
  keyOf: (row) => row['seq'] as IDBValidKey,
  fault: outboxFault,
}

export const heldRow: RowCodec<HeldEvent> = {
  table: 'held',
  encode: (event) => event,
  decode: (row) => row,
  keyOf: (row) => row['key'] as IDBValidKey,
  fault: heldFault,
}

export function memberRow(conversationId: ConversationId): RowCodec<Member> {
  return {
    table: 'members',
    encode: (value) => ({ conversationId, userId: value.userId, value }),
    decode: (row) => own(row, 'value'),
    keyOf: (row) => [row['conversationId'], row['userId']] as IDBValidKey,
    fault: memberFault,
  }
}

export function memberStateRow(conversationId: ConversationId): RowCodec<MemberState> {
  return {
    table: 'readStates',
    encode: (value) => ({ conversationId, memberId: value.memberId, value }),
    decode: (row) => own(row, 'value'),
    keyOf: (row) => [row['conversationId'], row['memberId']] as IDBValidKey,
    fault: memberStateFault,
  }
}

export function ownStateRow(conversationId: ConversationId): RowCodec<OwnState> {
  return {
    table: 'ownStates',
    encode: (value) => ({ conversationId, value }),
    decode: (row) => own(row, 'value'),
    keyOf: (row) => row['conversationId'] as IDBValidKey,
    fault: ownStateFault,
  }
}

/** `n` counts within the conversation, from `first`. */
export function gapRow(conversationId: ConversationId, first = 0): RowCodec<Gap> {
  let n = first
  return {
    table: 'gaps',
    encode: (value) => ({ conversationId, n: n++, value }),
    decode: (row) => own(row, 'value'),
    keyOf: (row) => [row['conversationId'], row['n']] as IDBValidKey,
    fault: gapFault,
  }
}
