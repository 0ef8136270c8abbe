/** All rows of one account, in plain maps. Maps, not objects: an id may be `__proto__`. */
import type { Conversation, ConversationId, Member, UserId } from '../../model/index.js'
import type { MemberState, OwnState } from '../../receipts/readState.js'
import type { Gap, HeldEvent, OutboxEntry, QuarantinedRow } from '../storage.js'
import { createMessageTable, type MessageTable } from './messageTable.js'

export interface Tables {
  readonly messages: MessageTable
  readonly conversations: Map<ConversationId, Conversation>
  readonly members: Map<ConversationId, Map<UserId, Member>>
  readonly readStates: Map<ConversationId, Map<UserId, MemberState>>
  readonly ownStates: Map<ConversationId, OwnState>
  readonly outbox: Map<number, OutboxEntry>
  readonly blobs: Map<string, Blob>
  readonly held: Map<string, HeldEvent>
  readonly gaps: Map<ConversationId, readonly Gap[]>
  readonly archive: Map<ConversationId, Map<string, unknown>>
  readonly quarantine: QuarantinedRow[]
  readonly meta: Map<string, unknown>
  /** Greatest `seq` ever given. */
  lastSeq: number
}

export function createTables(): Tables {
  return {
    messages: createMessageTable(),
    conversations: new Map(),
    members: new Map(),
    readStates: new Map(),
    ownStates: new Map(),
    outbox: new Map(),
    blobs: new Map(),
    held: new Map(),
    gaps: new Map(),
    archive: new Map(),
    quarantine: [],
    meta: new Map(),
    lastSeq: 0,
  }
}
