/** What one transaction changed: collected while it runs, shown on screen and told to the other tabs after it has committed. */
import { messageKey, type Conversation, type ConversationId, type Member, type Message, type UserId } from '../model/index.js'
import type { MemberState, OwnState } from '../receipts/index.js'
import type { Gap, MessageKeyParts } from '../storage/index.js'
import { withEntry, type ChatStore, type ChatStoreState, type ReadView } from '../store/chatStore.js'
import { cutAtGaps, mergeRows, removeRow } from '../store/windows.js'
import { createIndexOf, createReadView, type ReadByAll } from './readViews.js'

export interface Changes {
  readonly rows: Map<string, Message>
  readonly removed: Map<string, MessageKeyParts>
  readonly conversations: Map<ConversationId, Conversation>
  readonly members: Map<ConversationId, readonly Member[]>
  readonly memberStates: Map<ConversationId, Map<UserId, MemberState>>
  /** What is known of everybody where some of it is not believed any more: all else only grows. */
  readonly doubted: Map<ConversationId, ReadByAll>
  readonly own: Map<ConversationId, OwnState>
  /** All missing stretches of conversations where they changed. */
  readonly gaps: Map<ConversationId, readonly Gap[]>
  /** Something that the user did was queued or finished. */
  outbox: boolean
  /** A report was queued, or has more to tell. */
  reports: boolean
  /** A server may have lost what was before. */
  epochs: boolean
  /** They became known, and nobody has told who read what there. */
  readonly unheard: Set<ConversationId>
  /** What the transaction has read, so that it reads nothing twice. As it was stored before; what is changed stands above. */
  readonly stored: StoredRows
}

interface StoredRows {
  readonly conversations: Map<ConversationId, Conversation>
  readonly own: Map<ConversationId, OwnState | undefined>
  readonly gaps: Map<ConversationId, readonly Gap[]>
}

export function createChanges(): Changes {
  return { rows: new Map(), removed: new Map(), conversations: new Map(), members: new Map(), memberStates: new Map(), doubted: new Map(), own: new Map(), gaps: new Map(), outbox: false, reports: false, epochs: false, unheard: new Set(), stored: { conversations: new Map(), own: new Map(), gaps: new Map() } }
}

export function noteRow(changes: Changes, row: Message): void {
  changes.rows.set(messageKey(row), row)
}

export function noteMemberState(changes: Changes, conversationId: ConversationId, state: MemberState): void {
  const states = changes.memberStates.get(conversationId) ?? new Map<UserId, MemberState>()
  changes.memberStates.set(conversationId, states.set(state.memberId, state))
}

export function hasChanges(changes: Changes): boolean {
  return changes.outbox || changes.reports || [changes.rows, changes.removed, changes.conversations, changes.members, changes.memberStates, changes.doubted, changes.own, changes.gaps].some((part) => part.size > 0)
}

/** Patches the store in one commit; parts of the state that did not change keep their identity. */
export function showChanges(store: ChatStore, me: UserId, changes: Changes): void {
  if (!hasChanges(changes)) return
  store.setState((state) => ({
    conversations: withConversations(state, changes),
    rosters: withRosters(state, changes),
    windows: withRows(state, changes),
    readViews: withReadViews(state, me, changes),
  }))
}

function withConversations(state: ChatStoreState, changes: Changes): ChatStoreState['conversations'] {
  if (changes.conversations.size === 0) return state.conversations
  const conversations = new Map(state.conversations)
  for (const [id, conversation] of changes.conversations) conversations.set(id, conversation)
  return conversations
}

function withRosters(state: ChatStoreState, changes: Changes): ChatStoreState['rosters'] {
  if (changes.members.size === 0) return state.rosters
  const rosters = new Map(state.rosters)
  for (const id of changes.members.keys()) rosters.set(id, (rosters.get(id) ?? 0) + 1)
  return rosters
}

function withRows(state: ChatStoreState, changes: Changes): ChatStoreState['windows'] {
  if (changes.rows.size === 0 && changes.removed.size === 0 && changes.gaps.size === 0) return state.windows
  const rowsByConversation = groupRows(changes.rows.values())
  let { windows } = state
  for (const [id, rows] of rowsByConversation) {
    const window = windows.get(id)
    if (window) windows = withEntry(windows, id, mergeRows(window, rows))
  }
  for (const [key, { conversationId }] of changes.removed) {
    const window = windows.get(conversationId)
    if (window) windows = withEntry(windows, conversationId, removeRow(window, key))
  }
  for (const [id, gaps] of changes.gaps) {
    const window = windows.get(id)
    if (window) windows = withEntry(windows, id, cutAtGaps(window, gaps))
  }
  return windows
}

function groupRows(rows: Iterable<Message>): Map<ConversationId, Message[]> {
  const groups = new Map<ConversationId, Message[]>()
  for (const row of rows) {
    const group = groups.get(row.conversationId)
    if (group) group.push(row)
    else groups.set(row.conversationId, [row])
  }
  return groups
}

function withReadViews(state: ChatStoreState, me: UserId, changes: Changes): ChatStoreState['readViews'] {
  let { readViews } = state
  for (const [id, view] of state.readViews) {
    readViews = withEntry(readViews, id, patchReadView(view, id, me, changes))
  }
  return readViews
}

function patchReadView(view: ReadView, id: ConversationId, me: UserId, changes: Changes): ReadView {
  const [doubted, members, states, own] = [changes.doubted.get(id), changes.members.get(id), changes.memberStates.get(id), changes.own.get(id)]
  if (!doubted && !members && !states && !own) return view
  const index = doubted ? createIndexOf(doubted) : view.index
  if (members) index.setRoster(members)
  if (states) index.setStates([...states.values()])
  const signs = view.signs && states ? withSigns(view.signs, states) : view.signs
  return createReadView({ index, members: members ?? doubted?.members ?? view.members, own: own ?? view.own, version: view.version + 1, me, signs })
}

function withSigns(signs: NonNullable<ReadView['signs']>, states: ReadonlyMap<UserId, MemberState>): ReadView['signs'] {
  return new Map([...signs, ...[...states].map(([userId, { times }]) => [userId, times] as const)])
}
