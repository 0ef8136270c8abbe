/** What happens to messages: accepting, editing, recalling, deleting, reacting. Pure: state in, records and an answer out. */
import type { ConversationId, MessageBody, MessageId, UserId } from '../../model/index.js'
import type { TransportLimits } from '../capabilities.js'
import type { Accepted, Draft, IncomingMessage } from '../transport.js'
import { requireMember } from './conversationRules.js'
import type { HubRecord } from './hubRecords.js'
import { localKey, messageById, type ConversationState, type HubState } from './hubState.js'
import { refusal } from '../refusal.js'

/** What a command leads to: rows to write, and what its caller is told. */
export interface Decision<T> {
  readonly records: readonly HubRecord[]
  readonly answer: T
  /** Runs when the rows are stored and told, before anything else is decided. */
  readonly onStored?: () => void
}

export interface Acceptance {
  readonly from: UserId
  readonly draft: Draft
  readonly id: MessageId
  /** Epoch milliseconds. */
  readonly time: number
  readonly limits: TransportLimits
  readonly origin?: string
}

/**
 * Accepts a draft once and for ever: the same (from, localId) gets the same point again and is handed to nobody twice,
 * also when its sender has left meanwhile. It was taken, whatever would be said to it today.
 */
export function acceptDraft(state: HubState, acceptance: Acceptance): Decision<Accepted> {
  const { from, draft, limits } = acceptance
  const before = acceptedBefore(state, acceptance)
  if (before) return { records: [], answer: { localId: draft.localId, id: before.id, at: before.at, time: before.time, repeat: true } }
  const conversation = requireMember(state, draft.conversation.id, from)
  requireBody(draft.body, limits)
  if (typeof draft.localId !== 'string' || draft.localId === '') {
    throw refusal('transport/invalid', `A draft in conversation "${conversation.id}" has no localId, so a retry could not be recognised. It was not stored. Choose a localId before sending.`)
  }
  const message = newMessage(conversation, acceptance)
  const origin = acceptance.origin === undefined ? {} : { origin: acceptance.origin }
  return { records: [{ event: { type: 'message', message }, ...origin }], answer: { localId: draft.localId, id: message.id, at: message.at, time: message.time } }
}

function acceptedBefore(state: HubState, { from, draft }: Acceptance): IncomingMessage | undefined {
  const conversation = state.conversations.get(draft.conversation.id)
  const id = conversation?.byLocalId.get(localKey(from, draft.localId))
  return conversation && id !== undefined ? messageById(conversation, id) : undefined
}

function newMessage(conversation: ConversationState, { from, draft, id, time }: Acceptance): IncomingMessage {
  return {
    conversationId: conversation.id, id, at: { epoch: conversation.epoch, order: conversation.nextOrder, id }, from, localId: draft.localId, time, body: draft.body,
    ...(draft.receiptRequested === undefined ? {} : { receiptRequested: draft.receiptRequested }),
    ...(draft.replyTo === undefined ? {} : { replyTo: draft.replyTo }),
  }
}

export interface Change {
  readonly by: UserId
  readonly conversationId: ConversationId
  readonly id: MessageId
  readonly time: number
  readonly limits: TransportLimits
}

export function editMessage(state: HubState, change: Change, body: MessageBody): readonly HubRecord[] {
  const message = requireOwn(state, change, 'edit')
  requireBody(body, change.limits)
  if (isGone(message)) throw refusal('transport/notFound', `Message "${change.id}" was taken back or deleted, so there is nothing to edit. Send a new message.`)
  return [{ event: { type: 'edited', conversationId: change.conversationId, id: change.id, body, time: change.time } }]
}

export function recallMessage(state: HubState, change: Change): readonly HubRecord[] {
  const message = requireOwn(state, change, 'recall')
  if (isGone(message)) return []
  const { recallWindowMs } = change.limits
  if (recallWindowMs !== undefined && change.time - message.time > recallWindowMs) {
    throw refusal('transport/recallTooLate', `Message "${change.id}" was sent ${change.time - message.time} ms ago and can be recalled for ${recallWindowMs} ms. It stays. Delete it instead.`)
  }
  return [{ event: { type: 'recalled', conversationId: change.conversationId, id: change.id, by: change.by, time: change.time } }]
}

/** Deletes for all. The author may, and whoever owns or administers the conversation. */
export function deleteMessage(state: HubState, change: Change): readonly HubRecord[] {
  const conversation = requireMember(state, change.conversationId, change.by)
  const message = requireMessage(conversation, change.id)
  const role = conversation.members.get(change.by)?.role
  if (message.from !== change.by && (role === 'member' || conversation.kind === 'direct')) throw foreign(change, 'delete')
  if (isGone(message)) return []
  return [{ event: { type: 'deleted', conversationId: change.conversationId, id: change.id, by: change.by, time: change.time } }]
}

export function reactToMessage(state: HubState, change: Change, emoji: string, on: boolean): readonly HubRecord[] {
  const message = requireMessage(requireMember(state, change.conversationId, change.by), change.id)
  const already = message.reactions?.some((one) => one.by === change.by && one.emoji === emoji) ?? false
  if (already === on || isGone(message)) return []
  return [{ event: { type: 'reacted', conversationId: change.conversationId, id: change.id, reaction: { emoji, by: change.by }, on } }]
}

function requireOwn(state: HubState, change: Change, verb: string): IncomingMessage {
  const message = requireMessage(requireMember(state, change.conversationId, change.by), change.id)
  if (message.from !== change.by) throw foreign(change, verb)
  return message
}

export function requireMessage(conversation: ConversationState, id: MessageId): IncomingMessage {
  const message = messageById(conversation, id)
  if (message) return message
  throw refusal('transport/notFound', `Conversation "${conversation.id}" has no message "${id}". Nothing was changed.`)
}

function foreign(change: Change, verb: string) {
  return refusal('transport/forbidden', `"${change.by}" cannot ${verb} message "${change.id}" of somebody else. Nothing was changed.`)
}

function isGone(message: IncomingMessage): boolean {
  return message.recalledAt !== undefined || message.deletedAt !== undefined
}

function requireBody(body: MessageBody, limits: TransportLimits): void {
  if (typeof body !== 'object' || body === null || typeof body.kind !== 'string') {
    throw refusal('transport/invalid', 'A message without a body kind cannot be shown by anybody. It was not stored. Give it a body such as { kind: "text", text }.')
  }
  if (limits.bodyBytes === undefined) return
  const bytes = bodyBytes(body)
  if (bytes > limits.bodyBytes) {
    throw refusal('transport/tooLarge', `The body is ${bytes} bytes and this hub takes ${limits.bodyBytes}. It was not stored and will not be retried. Shorten it or send it as an attachment.`)
  }
}

/** Files that ride along as data URLs stand for an upload, so they do not count. */
function bodyBytes(body: MessageBody): number {
  try {
    const text = JSON.stringify(body, (key, value: unknown) => (key === 'url' && typeof value === 'string' && value.startsWith('data:') ? '' : value))
    return new TextEncoder().encode(text).length
  } catch (cause) {
    throw refusal('transport/invalid', `The body holds something that JSON cannot carry (${String(cause)}), so no other wire would take it. It was not stored and will not be retried. Keep to plain data.`)
  }
}
