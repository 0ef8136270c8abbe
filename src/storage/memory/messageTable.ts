/** The message rows of one account: by key, by id, and in order. Pages are found by halving and cost no more in a long conversation than in a short one. */
import { firstIndex } from '../../model/firstIndex.js'
import { comparePoints, messageKey, type ConversationId, type Message, type MessageId } from '../../model/index.js'
import type { MessageKeyParts, MessagePageQuery } from '../storage.js'
import { insertSorted, removeSorted } from './sortedRows.js'
import type { UndoLog } from './undoLog.js'

type Placed = Message & { readonly at: NonNullable<Message['at']> }

interface ConversationRows {
  readonly placed: Placed[]
  readonly echoes: Message[]
  readonly byId: Map<MessageId, Message[]>
}

export interface MessageTable {
  get(key: MessageKeyParts): Message | undefined
  byId(conversationId: ConversationId, id: MessageId): Message | undefined
  findById(id: MessageId): Message[]
  page(query: MessagePageQuery): Message[]
  echoes(conversationId: ConversationId): Message[]
  put(messages: readonly Message[], log: UndoLog): void
  delete(keys: readonly MessageKeyParts[], log: UndoLog): void
}

export function createMessageTable(): MessageTable {
  const byKey = new Map<string, Message>()
  const conversations = new Map<ConversationId, ConversationRows>()

  function rowsOf(id: ConversationId): ConversationRows {
    let rows = conversations.get(id)
    if (!rows) conversations.set(id, (rows = { placed: [], echoes: [], byId: new Map() }))
    return rows
  }

  function take(message: Message): void {
    byKey.delete(messageKey(message))
    const rows = rowsOf(message.conversationId)
    for (const id of message.ids) forget(rows.byId, id, message)
    if (isPlaced(message)) removeSorted(rows.placed, message, comparePlaced)
    else removeSorted(rows.echoes, message, compareEchoes)
  }

  /** `messages` has each key once, and none of them is in the table. */
  function add(messages: readonly Message[]): void {
    for (const [id, group] of byConversation(messages)) {
      const rows = rowsOf(id)
      for (const message of group) {
        byKey.set(messageKey(message), message)
        for (const messageId of new Set(message.ids)) remember(rows.byId, messageId, message)
      }
      insertSorted(rows.placed, group.filter(isPlaced), comparePlaced)
      insertSorted(rows.echoes, group.filter((message) => !isPlaced(message)), compareEchoes)
    }
  }

  return {
    get: (key) => byKey.get(messageKey(key)),
    byId: (conversationId, id) => first(conversations.get(conversationId)?.byId.get(id)),
    findById: (id) => [...conversations.values()].flatMap((rows) => rows.byId.get(id) ?? []),
    page: (query) => pageOf(conversations.get(query.conversationId)?.placed ?? [], query),
    echoes: (conversationId) => [...(conversations.get(conversationId)?.echoes ?? [])],
    put(messages, log) {
      const fresh = [...new Map(messages.map((message) => [messageKey(message), message])).values()]
      const before = fresh.flatMap((message) => byKey.get(messageKey(message)) ?? [])
      before.forEach(take)
      add(fresh)
      log.push(() => {
        fresh.forEach(take)
        add(before)
      })
    },
    delete(keys, log) {
      const before = [...new Set(keys.flatMap((key) => byKey.get(messageKey(key)) ?? []))]
      before.forEach(take)
      log.push(() => add(before))
    },
  }
}

/** Newest rows before `before`, or oldest rows after `after` when only that is given. */
function pageOf(rows: readonly Placed[], { before, after, limit }: MessagePageQuery): Message[] {
  const start = after ? firstIndex(rows, (row) => comparePoints(row.at, after) > 0) : 0
  const end = before ? firstIndex(rows, (row) => comparePoints(row.at, before) >= 0) : rows.length
  if (after && !before) return rows.slice(start, start + limit)
  return rows.slice(Math.max(start, end - limit), Math.max(start, end))
}

function isPlaced(message: Message): message is Placed {
  return message.at !== null
}

function comparePlaced(a: Placed, b: Placed): number {
  return comparePoints(a.at, b.at) || compareKeys(a, b)
}

function compareEchoes(a: Message, b: Message): number {
  return (a.echoOrder ?? 0) - (b.echoOrder ?? 0) || compareKeys(a, b)
}

/** Within one conversation. */
function compareKeys(a: Message, b: Message): number {
  return compareText(a.from, b.from) || compareText(a.localId, b.localId)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function remember(index: Map<MessageId, Message[]>, id: MessageId, message: Message): void {
  const rows = index.get(id)
  if (rows) insertSorted(rows, [message], compareKeys)
  else index.set(id, [message])
}

function forget(index: Map<MessageId, Message[]>, id: MessageId, message: Message): void {
  const rows = index.get(id)?.filter((row) => row !== message) ?? []
  if (rows.length > 0) index.set(id, rows)
  else index.delete(id)
}

function first(rows: readonly Message[] | undefined): Message | undefined {
  return rows?.[0]
}

function byConversation(messages: readonly Message[]): Map<ConversationId, Message[]> {
  const groups = new Map<ConversationId, Message[]>()
  for (const message of messages) {
    const group = groups.get(message.conversationId)
    if (group) group.push(message)
    else groups.set(message.conversationId, [message])
  }
  return groups
}
