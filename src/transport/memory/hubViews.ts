/** What one member may see of the hub, and in which order they are told. Pure reading. */
import { firstIndex } from '../../model/firstIndex.js'
import type { ConversationId, MessageId, ReceiptKind, UserId } from '../../model/index.js'
import { STRONGEST_FIRST } from '../../model/receiptKinds.js'
import type { HistoryPage, HistoryQuery, IncomingConversation, IncomingReceipt, Page, Paged, Reader, TransportEvent } from '../transport.js'
import { requireMember } from './conversationRules.js'
import { coversPoint } from '../../receipts/coversPoint.js'
import type { HubRecord, JournalRow } from './hubRecords.js'
import { findIndex, headOf, isMember, messageById, sees, trailKey, type ConversationState, type HubState, type Trail } from './hubState.js'
import { requireMessage } from './messageRules.js'
import { inParts } from './receiptParts.js'

export function conversationView(conversation: ConversationState): IncomingConversation {
  const lastMessage = conversation.entries.at(-1)
  return {
    id: conversation.id, kind: conversation.kind, ...(conversation.title === undefined ? {} : { title: conversation.title }),
    head: headOf(conversation), ...(lastMessage ? { lastMessage } : {}), members: [...conversation.members.values()], rosterComplete: true,
  }
}

export function conversationsOf(state: HubState, userId: UserId): readonly ConversationState[] {
  return [...state.conversations.values()].filter((conversation) => isMember(conversation, userId)).sort((a, b) => b.lastActivityAt - a.lastActivityAt)
}

/** What a record means to one member; nothing, if it is not for them. */
export function eventsFor(state: HubState, userId: UserId, seq: number, { event }: HubRecord): readonly TransportEvent[] {
  const id = event.type === 'conversation' ? event.conversation.id : event.type === 'message' ? event.message.conversationId : (event.conversationId ?? '')
  const conversation = state.conversations.get(id)
  if (!conversation || !sees(conversation, userId, seq)) return []
  if (event.type === 'receipt' && event.visibility === 'ownDevices' && event.by !== userId) return []
  if (event.type === 'reset') return [{ type: 'reset', conversationId: event.conversationId, epoch: event.epoch }]
  if (event.type === 'member' && event.member.userId === userId && isMember(conversation, userId)) return welcome(conversation, userId)
  // As it is now: words that were taken back meanwhile reach nobody any more.
  if (event.type === 'message') return [{ type: 'message', message: messageById(conversation, event.message.id) ?? event.message }]
  return event.type === 'receipt' ? inParts(event) : [event]
}

/** Somebody who joins later gets the conversation and what was read in it meanwhile, and knows that there is history. */
function welcome(conversation: ConversationState, userId: UserId): readonly TransportEvent[] {
  const events: TransportEvent[] = [{ type: 'conversation', conversation: conversationView(conversation) }]
  // What they have from before, if anything, only their device knows.
  const before = conversation.members.get(userId)?.intervals.at(-1)?.joinedAt ?? null
  if (conversation.entries.length > 0) events.push({ type: 'gap', conversationId: conversation.id, after: null, before })
  return [...events, ...readStatesView(conversation, userId).map((receipt): TransportEvent => ({ type: 'receipt', ...receipt }))]
}

/** How much a device that comes back is told. */
export interface CatchUpLimits {
  /** Newest messages of each conversation on a first connect. */
  readonly backfill: number
  /** Missed messages of one conversation before the older ones become a gap. */
  readonly replayLimit: number
}

/** Everything after row `since`, in order. */
export function missedSince(state: HubState, userId: UserId, since: number, limits: CatchUpLimits): readonly TransportEvent[] {
  const events: TransportEvent[] = conversationsOf(state, userId).map((conversation) => ({ type: 'conversation', conversation: conversationView(conversation) }))
  const rows = rowsAfter(state, since)
  const skip = overflow(state, userId, rows, limits, events)
  for (const row of rows) {
    for (const record of row.records) {
      if (record.event.type === 'message' && skip.has(record.event.message.id)) continue
      events.push(...eventsFor(state, userId, row.seq, record))
    }
  }
  return events
}

export function rowsAfter(state: HubState, since: number): readonly JournalRow[] {
  return state.rows.slice(firstIndex(state.rows, ({ seq }) => seq > since))
}

/** Where too much was missed, the older part is announced as a gap and left to history. */
function overflow(state: HubState, userId: UserId, rows: readonly JournalRow[], limits: CatchUpLimits, events: TransportEvent[]): ReadonlySet<MessageId> {
  const missed = new Map<ConversationId, MessageId[]>()
  for (const row of rows) {
    for (const { event } of row.records) {
      if (event.type !== 'message' || !sees(state.conversations.get(event.message.conversationId)!, userId, row.seq)) continue
      const ids = missed.get(event.message.conversationId) ?? []
      missed.set(event.message.conversationId, ids)
      ids.push(event.message.id)
    }
  }
  const skip = new Set<MessageId>()
  for (const [conversationId, ids] of missed) {
    if (ids.length <= limits.replayLimit) continue
    const conversation = state.conversations.get(conversationId)!
    const dropped = ids.slice(0, ids.length - limits.backfill)
    for (const id of dropped) skip.add(id)
    // Some may have been lost with the end of an epoch: nobody misses them.
    const places = dropped.flatMap((id) => conversation.indexById.get(id) ?? [])
    if (places.length === 0) continue
    const placeAt = (index: number) => conversation.entries[index]?.at ?? null
    events.push({ type: 'gap', conversationId, after: placeAt(Math.min(...places) - 1), before: placeAt(Math.max(...places) + 1) })
  }
  return skip
}

/** A device that knows nothing gets every conversation, its newest messages as they are now, and everybody's read state. */
export function firstSight(state: HubState, userId: UserId, limits: CatchUpLimits): readonly TransportEvent[] {
  return conversationsOf(state, userId).flatMap((conversation) => {
    const newest = limits.backfill > 0 ? conversation.entries.slice(-limits.backfill) : []
    const events: TransportEvent[] = [{ type: 'conversation', conversation: conversationView(conversation) }]
    if (conversation.epoch > 0) events.push({ type: 'reset', conversationId: conversation.id, epoch: conversation.epoch })
    if (newest.length < conversation.entries.length) events.push({ type: 'gap', conversationId: conversation.id, after: null, before: newest[0]?.at ?? null })
    events.push(...newest.map((message): TransportEvent => ({ type: 'message', message })))
    return [...events, ...readStatesView(conversation, userId).map((receipt): TransportEvent => ({ type: 'receipt', ...receipt }))]
  })
}

/** Everybody's state as it stands. The time is given only where one step made the whole of it: a later time would be wrong for what was read earlier. */
export function readStatesView(conversation: ConversationState, userId: UserId): readonly IncomingReceipt[] {
  return [...conversation.trails.values()]
    .filter((trail) => trail.visibility === 'published' || trail.by === userId)
    .flatMap(({ by, kind, visibility, progress, steps, contents, clipped }) => {
      const base = { conversationId: conversation.id, by, kind, visibility }
      const state = { ...base, upTo: progress.upTo, ranges: progress.ranges, ...(steps.length === 1 && !clipped ? { time: steps[0]!.time } : {}) }
      return [...inParts(state), ...[...contents].map(([id, said]) => ({ ...base, ids: [id], ...said }))]
    })
}

export function historyPage(state: HubState, userId: UserId, id: ConversationId, query: HistoryQuery): HistoryPage {
  const conversation = requireMember(state, id, userId)
  const { entries } = conversation
  const limit = Math.max(1, Math.floor(query.limit))
  if (query.after) {
    const from = findIndex(conversation, query.after, true)
    const messages = entries.slice(from, from + limit)
    return { messages, contiguousTo: from + limit < entries.length ? messages.at(-1)!.at : null }
  }
  const until = query.before ? findIndex(conversation, query.before, false) : entries.length
  const messages = entries.slice(Math.max(0, until - limit), until)
  return { messages, contiguousTo: until > limit ? messages[0]!.at : null }
}

/** Each member once, with the strongest that is known of them; the author is not a reader. */
export function readersPage(state: HubState, userId: UserId, id: ConversationId, messageId: MessageId, page: Page): Paged<Reader> {
  const conversation = requireMember(state, id, userId)
  const message = requireMessage(conversation, messageId)
  const readers: Reader[] = []
  for (const member of conversation.members.keys()) {
    if (member === message.from) continue
    const kind = STRONGEST_FIRST.find((one) => trailOf(conversation, member, one) && coversPoint(trailOf(conversation, member, one)!.progress, message.at))
    const said = STRONGEST_FIRST.map((one) => trailOf(conversation, member, one)?.contents.get(messageId)).find((each) => each !== undefined)
    if (kind) readers.push({ userId: member, kind, time: timeIn(trailOf(conversation, member, kind)!, message.at), ...(said && { content: said.content }) })
  }
  return paged(readers, page)
}


function trailOf(conversation: ConversationState, by: UserId, kind: ReceiptKind): Trail | undefined {
  return conversation.trails.get(trailKey(by, kind, 'published'))
}

function timeIn(trail: Trail, at: IncomingConversation['head'] & object): number | null {
  const index = trail.steps.findIndex((step) => coversPoint(step.progress, at))
  return index < 0 || (index === 0 && trail.clipped) ? null : trail.steps[index]!.time
}

/** In the order in which they were made: in that of activity one that moves to the front meanwhile would stand on no page. */
export function conversationsPage(state: HubState, userId: UserId, { cursor, limit }: Page): Paged<IncomingConversation> {
  const all = [...state.conversations.values()]
  const { items, next } = paged(all.slice(Number(cursor ?? 0) || 0).filter((conversation) => isMember(conversation, userId)), { limit })
  return { items: items.map(conversationView), ...(next === undefined ? {} : { next: String(all.indexOf(items.at(-1)!) + 1) }) }
}

export function paged<T>(items: readonly T[], { cursor, limit }: Page): Paged<T> {
  const from = Math.max(0, Number(cursor ?? 0) || 0)
  const until = from + Math.max(1, Math.floor(limit))
  return { items: items.slice(from, until), ...(until < items.length ? { next: String(until) } : {}) }
}
