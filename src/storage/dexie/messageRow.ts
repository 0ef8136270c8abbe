/**
 * A message as a row: the message itself, found by its own fields.
 * Only a local echo differs: instead of no place it has one that sorts after every point. No point has an infinite epoch, so it is told apart for certain.
 */
import type { ConversationId, Message, Point } from '../../model/index.js'
import { isRow, own, type Row } from '../rows/fields.js'
import { messageFault } from '../rows/messageFault.js'
import type { MessageKeyParts, MessagePageQuery } from '../storage.js'
import type { RowCodec } from './rowCodec.js'

export const messageRow: RowCodec<Message> = {
  table: 'messages',
  encode: (message) => (message.at ? message : { ...message, at: { epoch: Infinity, order: message.echoOrder ?? 0, id: '' } }),
  decode: (row) => (isEchoPlace(own(row, 'at')) ? { ...row, at: null } : row),
  keyOf: (row) => [row['conversationId'], row['from'], row['localId']] as IDBValidKey,
  fault: messageFault,
}

export function messagePrimaryKey(key: MessageKeyParts): IDBValidKey {
  return [key.conversationId, key.from, key.localId]
}

/** Ends of a page in the index `BY_PLACE`, both excluded. An array is less than the same array with more in it. */
export function pageBounds({ conversationId, before, after }: MessagePageQuery): readonly [lower: IDBValidKey, upper: IDBValidKey] {
  return [after ? place(conversationId, after) : [conversationId], before ? place(conversationId, before) : [conversationId, Infinity]]
}

export function echoBounds(conversationId: ConversationId): readonly [lower: IDBValidKey, upper: IDBValidKey] {
  return [[conversationId, Infinity], [conversationId, []]]
}

function place(conversationId: ConversationId, at: Point): IDBValidKey {
  return [conversationId, at.epoch, at.order, at.id]
}

function isEchoPlace(at: unknown): at is Row {
  return isRow(at) && own(at, 'epoch') === Infinity
}
