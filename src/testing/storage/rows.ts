/** Rows that the storage cases write: fixed, and as small as they may be. */
import type { Conversation, Member, Message, Point } from '../../model/index.js'
import { emptyMemberState, type MemberState } from '../../receipts/readState.js'
import type { NewOutboxEntry, StorageTx } from '../../storage/storage.js'

export const CONVERSATION = 'conversation'

export function point(order: number, id = `m${order}`, epoch = 0): Point {
  return { epoch, order, id }
}

export function message(order: number, change: Partial<Message> = {}): Message {
  return { conversationId: CONVERSATION, from: 'anna', localId: `l${order}`, ids: [`m${order}`], at: point(order), time: 1_000 + order, body: { kind: 'text', text: `text ${order}` }, ...change }
}

export function echo(echoOrder: number, change: Partial<Message> = {}): Message {
  return message(0, { from: 'me', localId: `echo${echoOrder}`, ids: [], at: null, outgoing: 'sending', echoOrder, ...change })
}

export function conversation(id: string, change: Partial<Conversation> = {}): Conversation {
  return { id, kind: 'group', head: null, lastMessage: null, lastActivityAt: 0, unread: null, manualUnread: { rev: 0, on: false }, rosterComplete: true, ...change }
}

export function member(userId: string, change: Partial<Member> = {}): Member {
  return { userId, role: 'member', intervals: [{ joinedAt: null, leftAt: null }], ...change }
}

export function memberState(memberId: string, order: number): MemberState {
  return { ...emptyMemberState(memberId), read: { upTo: point(order), ranges: [{ from: point(order + 2), to: point(order + 4) }] } }
}

export function send(localId: string, change: Partial<NewOutboxEntry> = {}): NewOutboxEntry {
  return { conversationId: CONVERSATION, lane: 'intent', action: 'send', localId, from: 'me', attempts: 0, notBefore: 0, ...change } as NewOutboxEntry
}

export function report(conversationId = CONVERSATION): NewOutboxEntry {
  return { conversationId, lane: 'receipt', action: 'report', kind: 'read', visibility: 'published', readAt: 5, attempts: 0, notBefore: 0 }
}

/** The first id of each: short, and enough to tell order. */
export function names(messages: readonly Message[]): readonly string[] {
  return messages.map((row) => row.ids[0] ?? row.localId)
}

export async function pageNames(tx: StorageTx, query: Omit<Parameters<StorageTx['messages']['page']>[0], 'conversationId'>): Promise<readonly string[]> {
  return names(await tx.messages.page({ conversationId: CONVERSATION, ...query }))
}
