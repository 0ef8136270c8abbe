import { STATUS_CODES, type Message, type MessageId, type UserId } from '../model/index.js'
import { audienceOf, emptyMemberState, type MemberState, type OwnState } from '../receipts/index.js'
import { hasReachedMessage, timeOfMessage } from '../receipts/memberState.js'
import type { StorageTx } from '../storage/index.js'
import { readStatesOf } from './archiving.js'
import type { SyncContext } from './context.js'
import { hidesOthers } from './hiddenReaders.js'
import { readHere } from './readHere.js'

/** One message as one of its receivers has it. @public */
export interface StatusRow {
  readonly messageId: MessageId
  readonly senderId: UserId
  readonly receiverId: UserId
  /** sending 0, sent 1, delivered 2, read 3. */
  readonly status: 0 | 1 | 2 | 3
  /** When it became so, epoch milliseconds; null = unknown. */
  readonly time: number | null
}

/** A query, not a table: positions of members are stored once, whatever the number of messages. A message that was taken back has none any more; where others are hidden, I alone am shown. */
export async function statusRows(ctx: SyncContext, messageId: MessageId): Promise<readonly StatusRow[]> {
  return ctx.storage.read(async (tx) => (await Promise.all((await tx.messages.findById(messageId)).filter(({ recalledAt }) => recalledAt === undefined).map((row) => rowsOf(tx, ctx, row, messageId)))).flat())
}

async function rowsOf(tx: StorageTx, ctx: SyncContext, row: Message, messageId: MessageId): Promise<StatusRow[]> {
  const { me } = ctx
  const { conversationId } = row
  const states = await readStatesOf(tx, conversationId, [row])
  const own = await tx.readStates.getOwn(conversationId)
  const receivers = audienceOf(row, await tx.members.list(conversationId))
  const isHidden = await hidesOthers(tx, ctx, conversationId)
  return receivers.filter((receiverId) => !isHidden || receiverId === me).map((receiverId) => {
    const state = receiverId === me ? myState(me, own) : (states.get(receiverId) ?? emptyMemberState(receiverId))
    return { messageId, senderId: row.from, receiverId, ...statusAt(row, state) }
  })
}

function statusAt(row: Message, state: MemberState): Pick<StatusRow, 'status' | 'time'> {
  if (row.at === null) return { status: row.outgoing ? STATUS_CODES.sending : STATUS_CODES.sent, time: row.time }
  if (hasReachedMessage(state, 'read', row)) return { status: STATUS_CODES.read, time: timeOfMessage(state, 'read', row) }
  if (hasReachedMessage(state, 'delivered', row)) return { status: STATUS_CODES.delivered, time: timeOfMessage(state, 'delivered', row) }
  return { status: STATUS_CODES.sent, time: row.time }
}

function myState(me: UserId, own: OwnState | undefined): MemberState {
  return { ...emptyMemberState(me), ...(own && readHere(own)) }
}
