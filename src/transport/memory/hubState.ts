/** The hub's memory: a fold over its journal. Applying the same rows in order gives the same state in every tab. */
import { firstIndex } from '../../model/firstIndex.js'
import { comparePoints, NO_PROGRESS, type ConversationId, type ConversationKind, type Member, type MessageBody, type MessageId, type Point, type Progress, type ReceiptKind, type UserId } from '../../model/index.js'
import type { IncomingMessage } from '../transport.js'
import { isMemberNow } from '../../receipts/groupLimit.js'
import { joinProgress, toProgress } from '../../receipts/progress.js'
import type { DurableEvent, JournalRow, ReceiptEvent } from './hubRecords.js'

/** A receipt trail keeps this many steps, so that a long reading costs bounded memory; older times become unknown. */
export const TRAIL_STEPS = 500

/** From which row (inclusive) to which (exclusive) somebody was told what happened. */
interface Span {
  readonly from: number
  to: number
}

/** How far somebody got, and when each step was learnt. */
export interface Trail {
  readonly by: UserId
  readonly kind: ReceiptKind
  readonly visibility: 'published' | 'ownDevices'
  progress: Progress
  /** Growing; the first one that covers a message tells when it was read. */
  steps: { readonly progress: Progress; readonly time: number }[]
  /** What was said with it of single messages, the oldest first; as many as steps. */
  readonly contents: Map<MessageId, { readonly content: string; readonly time: number }>
  /** Whether steps were let go, so that the first remaining one says nothing about time. */
  clipped: boolean
}

export interface ConversationState {
  readonly id: ConversationId
  readonly kind: ConversationKind
  readonly title: string | undefined
  epoch: number
  nextOrder: number
  /** In order of their points. */
  readonly entries: IncomingMessage[]
  readonly indexById: Map<MessageId, number>
  readonly byLocalId: Map<string, MessageId>
  readonly members: Map<UserId, Member>
  readonly spans: Map<UserId, Span[]>
  readonly trails: Map<string, Trail>
  lastActivityAt: number
}

export interface HubState {
  rows: JournalRow[]
  readonly conversations: Map<ConversationId, ConversationState>
  hubId: string
  seq: number
}

export function emptyHubState(): HubState {
  return { rows: [], conversations: new Map(), hubId: '', seq: 0 }
}

export function applyRow(state: HubState, row: JournalRow): void {
  if (row.seq <= state.seq) return
  state.seq = row.seq
  if (row.hubId !== undefined) state.hubId = row.hubId
  state.rows.push(row)
  for (const record of row.records) applyEvent(state, row.seq, record.event)
}

function applyEvent(state: HubState, seq: number, event: DurableEvent): void {
  if (event.type === 'conversation') return addConversation(state, seq, event.conversation)
  const conversation = state.conversations.get(event.type === 'message' ? event.message.conversationId : (event.conversationId ?? ''))
  if (!conversation) return
  switch (event.type) {
    case 'member': return setMember(conversation, seq, event.member)
    case 'message': return addMessage(conversation, event.message)
    case 'edited': return patch(conversation, event.id, (message) => ({ ...message, body: event.body, editedAt: event.time }))
    // What was taken back is gone from the hub too.
    case 'recalled': return patch(conversation, event.id, (message) => ({ ...message, body: EMPTY_BODY, recalledAt: event.time }))
    case 'deleted': return patch(conversation, event.id, (message) => ({ ...message, body: EMPTY_BODY, deletedAt: event.time }))
    case 'reacted': return patch(conversation, event.id, (message) => ({ ...message, reactions: withReaction(message, event.reaction, event.on) }))
    case 'receipt': return addReceipt(conversation, event)
    case 'reset': return reset(conversation, event.epoch, event.lost)
  }
}

const EMPTY_BODY: MessageBody = Object.freeze({ kind: 'text', text: '' })

function addConversation(state: HubState, seq: number, made: Extract<DurableEvent, { type: 'conversation' }>['conversation']): void {
  if (state.conversations.has(made.id)) return
  const conversation: ConversationState = {
    id: made.id, kind: made.kind, title: made.title, epoch: 0, nextOrder: 1, entries: [], indexById: new Map(), byLocalId: new Map(),
    members: new Map(), spans: new Map(), trails: new Map(), lastActivityAt: 0,
  }
  state.conversations.set(made.id, conversation)
  for (const member of made.members ?? []) setMember(conversation, seq, member)
}

function setMember(conversation: ConversationState, seq: number, member: Member): void {
  conversation.members.set(member.userId, member)
  const spans = conversation.spans.get(member.userId) ?? []
  conversation.spans.set(member.userId, spans)
  const last = spans.at(-1)
  const open = last !== undefined && last.to === Infinity
  if (isMemberNow(member)) {
    if (!open) spans.push({ from: seq, to: Infinity })
    // The row that ends it is the last one they are told of.
  } else if (open) last.to = seq + 1
}

function addMessage(conversation: ConversationState, message: IncomingMessage): void {
  conversation.indexById.set(message.id, conversation.entries.push(message) - 1)
  if (message.localId !== undefined) conversation.byLocalId.set(localKey(message.from, message.localId), message.id)
  conversation.nextOrder = message.at.order + 1
  conversation.lastActivityAt = Math.max(conversation.lastActivityAt, message.time)
}

/** Two people may choose the same local id; the length keeps the pair unambiguous. */
export function localKey(from: UserId, localId: string): string {
  return `${from.length}:${from}${localId}`
}

function patch(conversation: ConversationState, id: MessageId, change: (message: IncomingMessage) => IncomingMessage): void {
  const index = conversation.indexById.get(id)
  const message = index === undefined ? undefined : conversation.entries[index]
  if (index === undefined || !message) return
  const changed = change(message)
  conversation.entries[index] = changed
  if (changed.recalledAt !== undefined || changed.deletedAt !== undefined) forgetContents(conversation, id)
}

function withReaction(message: IncomingMessage, reaction: { emoji: string; by: UserId }, on: boolean) {
  const others = (message.reactions ?? []).filter((one) => one.by !== reaction.by || one.emoji !== reaction.emoji)
  return on ? [...others, reaction] : others
}

function addReceipt(conversation: ConversationState, event: ReceiptEvent): void {
  const key = trailKey(event.by, event.kind, event.visibility)
  const trail: Trail = conversation.trails.get(key) ?? { by: event.by, kind: event.kind, visibility: event.visibility, progress: NO_PROGRESS, steps: [], contents: new Map(), clipped: false }
  conversation.trails.set(key, trail)
  const time = event.time ?? 0
  if (event.content !== undefined) addContent(trail, event.ids ?? [], event.content, time)
  const before = trail.progress
  trail.progress = joinProgress(before, toProgress(event.upTo ?? null, event.ranges))
  if (trail.progress === before) return
  trail.steps.push({ progress: trail.progress, time })
  if (trail.steps.length > TRAIL_STEPS) {
    trail.steps.shift()
    trail.clipped = true
  }
}

function addContent({ contents }: Trail, ids: readonly MessageId[], content: string, time: number): void {
  for (const id of ids) if (!contents.has(id)) contents.set(id, { content, time })
  for (const id of [...contents.keys()].slice(0, -TRAIL_STEPS)) contents.delete(id)
}

/** What was said of a message that is gone goes with it. */
function forgetContents({ trails }: ConversationState, id: MessageId): void {
  for (const { contents } of trails.values()) contents.delete(id)
}

export function trailKey(by: UserId, kind: ReceiptKind, visibility: string): string {
  return `${kind}:${visibility}:${by}`
}

function reset(conversation: ConversationState, epoch: number, lost: readonly MessageId[]): void {
  conversation.epoch = epoch
  conversation.nextOrder = 1
  for (let n = 0; n < lost.length; n += 1) {
    const message = conversation.entries.pop()
    if (!message) return
    // Its local id now names nothing, so that it may be sent again.
    conversation.indexById.delete(message.id)
    forgetContents(conversation, message.id)
  }
}

export function isMember(conversation: ConversationState, userId: UserId): boolean {
  const member = conversation.members.get(userId)
  return member !== undefined && isMemberNow(member)
}

/** Whether somebody was told of row `seq`: they were a member then. */
export function sees(conversation: ConversationState, userId: UserId, seq: number): boolean {
  return conversation.spans.get(userId)?.some((span) => span.from <= seq && seq < span.to) ?? false
}

export function headOf(conversation: ConversationState): Point | null {
  return conversation.entries.at(-1)?.at ?? null
}

export function messageById(conversation: ConversationState, id: MessageId): IncomingMessage | undefined {
  const index = conversation.indexById.get(id)
  return index === undefined ? undefined : conversation.entries[index]
}

/** Index of the first message at or after `point` (after it, with `past`). */
export function findIndex(conversation: ConversationState, point: Point, past: boolean): number {
  return firstIndex(conversation.entries, ({ at }) => (past ? comparePoints(at, point) > 0 : comparePoints(at, point) >= 0))
}

/** The place where the next message will be; an interval of membership begins or ends here. */
export function nextPlace(conversation: ConversationState): Point {
  return { epoch: conversation.epoch, order: conversation.nextOrder, id: '' }
}
