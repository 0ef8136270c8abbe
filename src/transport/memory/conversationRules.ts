/** Who may make, join and leave conversations. Pure: state in, records out. */
import type { ConversationId, ConversationKind, Member, UserId } from '../../model/index.js'
import { isMemberNow } from '../../receipts/groupLimit.js'
import type { TransportLimits } from '../capabilities.js'
import type { HubRecord } from './hubRecords.js'
import { isMember, nextPlace, type ConversationState, type HubState } from './hubState.js'
import { refusal } from '../refusal.js'

/** A conversation as somebody asks for it. @public */
export interface ConversationSeed {
  readonly id: ConversationId
  readonly kind: ConversationKind
  readonly members: readonly UserId[]
  readonly title?: string
}

export function requireConversation(state: HubState, id: ConversationId): ConversationState {
  const conversation = state.conversations.get(id)
  if (conversation) return conversation
  throw refusal('transport/notFound', `The hub has no conversation "${id}". Nothing was stored. Make it first: ensureConversation, or the conversations given to connect.`)
}

export function requireMember(state: HubState, id: ConversationId, userId: UserId): ConversationState {
  const conversation = requireConversation(state, id)
  if (isMember(conversation, userId)) return conversation
  throw refusal('transport/forbidden', `"${userId}" is not a member of conversation "${id}". Only members send, receive and report. Nothing was stored.`)
}

/** A conversation that exists stays as it is: a device that comes back late must not bring former members with it. */
export function makeConversation(state: HubState, seed: ConversationSeed, maker: UserId | null, limits: TransportLimits): readonly HubRecord[] {
  const existing = state.conversations.get(seed.id)
  if (existing) return []
  const ids = [...new Set(maker === null ? seed.members : [maker, ...seed.members])]
  if (limits.groupSize !== undefined && ids.length > limits.groupSize) {
    throw refusal('transport/tooLarge', `Conversation "${seed.id}" would have ${ids.length} members and this hub takes ${limits.groupSize}. It was not made. Choose fewer members.`)
  }
  const members = ids.map((userId): Member => ({ userId, role: userId === maker ? 'owner' : 'member', intervals: [{ joinedAt: null, leftAt: null }] }))
  const conversation = { id: seed.id, kind: seed.kind, ...(seed.title === undefined ? {} : { title: seed.title }), head: null, members, rosterComplete: true }
  return [{ event: { type: 'conversation', conversation } }]
}

export function addMember(conversation: ConversationState, userId: UserId): readonly HubRecord[] {
  if (isMember(conversation, userId)) return []
  const before = conversation.members.get(userId)
  const joinedAt = conversation.nextOrder === 1 && conversation.epoch === 0 && !before ? null : nextPlace(conversation)
  const member: Member = { userId, role: before?.role ?? 'member', intervals: [...(before?.intervals ?? []), { joinedAt, leftAt: null }] }
  return [{ event: { type: 'member', conversationId: conversation.id, member } }]
}

export function removeMember(conversation: ConversationState, userId: UserId): readonly HubRecord[] {
  const before = conversation.members.get(userId)
  const open = before?.intervals.at(-1)
  if (!before || !open || open.leftAt !== null) return []
  const member: Member = { ...before, intervals: [...before.intervals.slice(0, -1), { joinedAt: open.joinedAt, leftAt: nextPlace(conversation) }] }
  return [{ event: { type: 'member', conversationId: conversation.id, member } }]
}

/** Groups are open; a direct conversation stays between the two. */
export function joinConversation(state: HubState, id: ConversationId, userId: UserId, { groupSize }: TransportLimits): readonly HubRecord[] {
  const conversation = requireConversation(state, id)
  if (conversation.kind === 'direct' && !conversation.members.has(userId)) {
    throw refusal('transport/forbidden', `"${userId}" cannot join "${id}": a direct conversation has the members that it was made with. Make a group instead.`)
  }
  const records = addMember(conversation, userId)
  if (records.length > 0 && groupSize !== undefined && [...conversation.members.values()].filter(isMemberNow).length >= groupSize) {
    throw refusal('transport/tooLarge', `Conversation "${id}" is full: this hub takes ${groupSize} members. Nobody joined.`)
  }
  return records
}
