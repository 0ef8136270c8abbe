/** News between the tabs of one account: what changed, by key; whoever shows it reads it again from the database they share. */
import { messageKey, type ConversationId, type Point, type Ports, type TabChannel, type UserId } from '../model/index.js'
import type { MessageKeyParts, StorageTx } from '../storage/index.js'
import type { ConnectionState, Presence } from '../transport/index.js'
import { createChanges, noteMemberState, noteRow, type Changes } from './changes.js'
import type { EnsuredConversation } from './ensure.js'
import { readByAll } from './readViews.js'
import type { UploadsNews } from './uploadNews.js'

/** Who is how present. */
export type Presences = readonly (readonly [UserId, Presence])[]

/** One piece of news. */
export type TabNews =
  | { readonly type: 'changed'; readonly rows: readonly MessageKeyParts[]; readonly removed: readonly MessageKeyParts[]; readonly conversations: readonly ConversationId[]; readonly members: readonly ConversationId[]; readonly states: readonly (readonly [ConversationId, readonly UserId[]])[]; readonly doubted: readonly ConversationId[]; readonly own: readonly ConversationId[]; readonly gaps: readonly ConversationId[]; readonly outbox: boolean; readonly reports: boolean; readonly epochs: boolean; readonly unheard: readonly ConversationId[] }
  | { readonly type: 'reads'; readonly count: number }
  | { readonly type: 'flush' }
  | { readonly type: 'connection'; readonly connection: ConnectionState; readonly presences: Presences; readonly mine: Exclude<Presence, 'offline'>; readonly caughtUp: boolean }
  | { readonly type: 'typing'; readonly conversationId: ConversationId; readonly by: UserId; readonly on: boolean }
  | { readonly type: 'presences'; readonly presences: Presences }
  | { readonly type: 'myPresence'; readonly presence: Exclude<Presence, 'offline'> }
  | { readonly type: 'myTyping'; readonly conversationId: ConversationId; readonly on: boolean }
  /** How far the uploads are that the leading tab makes; all of them. */
  | { readonly type: 'uploads'; readonly uploads: UploadsNews }
  /** A new tab asks how things stand. */
  | { readonly type: 'hello' }
  /** The account was signed out in this tab, so it is in all of them. */
  | { readonly type: 'signedOut' }
  /** The leading tab is to make a conversation known to the back end. */
  | { readonly type: 'ensured'; readonly conversation: EnsuredConversation }
  /** The leading tab is to fetch a page of missing history; it answers with `fetched`. */
  | { readonly type: 'fetch'; readonly request: string; readonly conversationId: ConversationId; readonly edge: Point; readonly end: 'older' | 'newer'; readonly limit: number }
  | { readonly type: 'fetched'; readonly request: string }

/** Version of the news' shape: tabs of different versions do not hear each other. */
const NEWS_VERSION = 1

export function channelName(storageName: string, me: UserId): string {
  return `${storageName}/${me}/tabs-v${NEWS_VERSION}`
}

/**
 * A browser that refuses one has none: tabs then find in the rows what others wrote. Nothing depends on news, which may be lost anyway, so one that throws breaks nothing.
 * @param onUnsent - told of each news that was not taken
 */
export function openTabChannel(ports: Pick<Ports, 'openChannel'>, name: string, onUnsent: () => void): TabChannel | null {
  try {
    const channel = ports.openChannel(name)
    return channel && { post: (news) => quietly(() => channel.post(news), onUnsent), subscribe: (listener) => channel.subscribe(listener), close: () => channel.close() }
  } catch {
    return null
  }
}

function quietly(act: () => void, onFailed: () => void): void {
  try {
    act()
  } catch {
    onFailed()
  }
}

export function isTabNews(message: unknown): message is TabNews {
  return typeof message === 'object' && message !== null && typeof (message as { type?: unknown }).type === 'string'
}

export function newsOf(changes: Changes): ChangedNews {
  const keys = (rows: Iterable<MessageKeyParts>) => [...rows].map(({ conversationId, from, localId }) => ({ conversationId, from, localId }))
  return {
    type: 'changed',
    rows: keys(changes.rows.values()),
    removed: keys(changes.removed.values()),
    conversations: [...changes.conversations.keys()],
    members: [...changes.members.keys()],
    states: [...changes.memberStates].map(([id, states]) => [id, [...states.keys()]] as const),
    doubted: [...changes.doubted.keys()],
    own: [...changes.own.keys()],
    gaps: [...changes.gaps.keys()],
    outbox: changes.outbox,
    reports: changes.reports,
    epochs: changes.epochs,
    unheard: [...changes.unheard],
  }
}

/** News of what changed. */
export type ChangedNews = Extract<TabNews, { type: 'changed' }>

/** The conversations in which messages came, changed or went. */
export function placesOf({ rows, removed, conversations }: ChangedNews): readonly ConversationId[] {
  return [...conversations, ...[...rows, ...removed].map(({ conversationId }) => conversationId)]
}

/** Reads again what the news names, as far as this tab shows it; what several name is read once. */
export async function readNews(tx: StorageTx, news: readonly ChangedNews[], shown: ReadonlySet<ConversationId>): Promise<Changes> {
  const changes = createChanges()
  const named = new Map(news.flatMap(({ rows, removed }) => [...rows, ...removed]).map((key) => [messageKey(key), key]))
  const keys = [...named.values()].filter(({ conversationId }) => shown.has(conversationId))
  const rows = await tx.messages.getMany(keys)
  keys.forEach((key, i) => {
    const row = rows[i]
    if (row) noteRow(changes, row)
    else changes.removed.set(messageKey(key), key)
  })
  for (const id of new Set(news.flatMap(({ conversations }) => conversations))) {
    const conversation = await tx.conversations.get(id)
    if (conversation) changes.conversations.set(id, conversation)
  }
  for (const id of new Set(news.flatMap(({ members }) => members))) if (shown.has(id)) changes.members.set(id, await tx.members.list(id))
  for (const [id, memberIds] of news.flatMap(({ states }) => states)) {
    if (!shown.has(id)) continue
    const wanted = memberIds.filter((memberId) => !changes.memberStates.get(id)?.has(memberId))
    for (const state of await tx.readStates.getMany(id, wanted)) if (state) noteMemberState(changes, id, state)
  }
  for (const id of new Set(news.flatMap(({ doubted }) => doubted))) if (shown.has(id)) changes.doubted.set(id, await readByAll(tx, id))
  for (const id of new Set(news.flatMap(({ own }) => own))) {
    const own = shown.has(id) ? await tx.readStates.getOwn(id) : undefined
    if (own) changes.own.set(id, own)
  }
  for (const id of new Set(news.flatMap(({ gaps }) => gaps))) if (shown.has(id)) changes.gaps.set(id, await tx.gaps.list(id))
  changes.outbox = news.some(({ outbox }) => outbox)
  return changes
}
