/** What the hub writes down: one row for each accepted command, in one order for the whole hub. Everything it knows is a fold over these rows. */
import type { ConversationId, MessageId } from '../../model/index.js'
import type { TransportEvent } from '../transport.js'

/** The events that are kept; presence and typing are not. */
export type DurableEvent = Extract<TransportEvent, { type: 'conversation' | 'member' | 'message' | 'edited' | 'recalled' | 'deleted' | 'reacted' | 'receipt' }> | ResetEvent

/** A new epoch; `lost` names the messages that went with the old tail. */
export interface ResetEvent {
  readonly type: 'reset'
  readonly conversationId: ConversationId
  readonly epoch: number
  readonly lost: readonly MessageId[]
}

/** `origin` is the connection over which it was caused: there the answer says it, and no event is needed. */
export interface HubRecord {
  readonly event: DurableEvent
  readonly origin?: string
}

/** Rows are numbered from 1 as they are written; superseded ones go later. The first row of a hub names it, so that a cursor of another hub is recognised. */
export interface JournalRow {
  readonly seq: number
  readonly hubId?: string
  readonly records: readonly HubRecord[]
}

export type ReceiptEvent = Extract<DurableEvent, { type: 'receipt' }>
