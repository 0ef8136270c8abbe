/**
 * Edits, recalls, deletions and reactions that overtook their message: they wait for it. In memory, since a cursor that covers them covers their message,
 * too: after a restart both come again. Where nothing overtakes, the message is missing history, and comes in its newest form; unless it is one of mine that was not
 * answered yet. Of that only the answer may ever come, so what may be of it is kept in the database as well.
 */
import { messageKey, type ConversationId, type Message } from '../model/index.js'
import { sameData } from '../model/sameData.js'
import type { StorageTx } from '../storage/index.js'
import type { EditEvent } from './applyEdits.js'
import { whyNoEvent } from './eventShape.js'

/** Beyond, the oldest is let go. */
const MOST_WAITING = 1_000
/** The same in the database: one row, that is written with each of them. */
const MOST_KEPT = 200
/** Name of that meta row. */
const KEPT_KEY = 'earlyEdits'

export interface EarlyEdits {
  /** Takes up what an earlier page has kept. Before it is asked what waits. */
  load(tx: StorageTx): Promise<void>
  /** In the transaction in which these were applied, or came too early. */
  keep(tx: StorageTx, applied: readonly EditEvent[], missed: readonly EditEvent[]): Promise<void>
  /** Returns what was let go for it. */
  hold(event: EditEvent): EditEvent | undefined
  /** What waits for one of these messages, in the order in which it came. */
  waitingFor(rows: Iterable<Message>): readonly EditEvent[]
  forget(events: readonly EditEvent[]): void
}

export function createEarlyEdits(): EarlyEdits {
  const waiting = new Set<EditEvent>()
  let isLoaded = false
  return {
    async load(tx) {
      if (isLoaded) return
      for (const event of await keptEdits(tx)) waiting.add(event)
      isLoaded = true
    },
    async keep(tx, applied, missed) {
      if (applied.length === 0 && missed.length === 0) return
      const before = await keptEdits(tx)
      const unanswered = await unansweredOf(tx, [...before, ...missed])
      const came = missed.filter(({ conversationId }) => unanswered.has(conversationId)).slice(-MOST_KEPT)
      const left = before.filter((event) => unanswered.has(event.conversationId) && !isIn(applied, event))
      const all = [...left, ...came]
      // Told twice, the later counts: a reaction may have been taken back in between.
      const next = all.filter((event, i) => !isIn(all.slice(i + 1), event)).slice(-MOST_KEPT)
      if (before.length > 0 || next.length > 0) await tx.meta.put(KEPT_KEY, next)
    },
    hold(event) {
      const [oldest] = waiting
      waiting.add(event)
      if (!oldest || waiting.size <= MOST_WAITING) return undefined
      waiting.delete(oldest)
      return oldest
    },
    waitingFor(rows) {
      if (waiting.size === 0) return []
      const here = new Set<string>()
      for (const { conversationId, ids } of rows) for (const id of ids) here.add(keyOf(conversationId, id))
      return [...waiting].filter((event) => here.has(keyOf(event.conversationId, event.id)))
    },
    forget(events) {
      for (const event of events) waiting.delete(event)
    },
  }
}

const keyOf = (conversationId: string, localId: string) => messageKey({ conversationId, from: '', localId })

const isIn = (events: readonly EditEvent[], event: EditEvent) => events.some((each) => sameData(each, event))

async function keptEdits(tx: StorageTx): Promise<readonly EditEvent[]> {
  const row = await tx.meta.get<unknown>(KEPT_KEY)
  return Array.isArray(row) ? row.filter((each): each is EditEvent => whyNoEvent(each) === null) : []
}

/** In which of their conversations something of mine has no answer yet. */
async function unansweredOf(tx: StorageTx, events: readonly EditEvent[]): Promise<ReadonlySet<ConversationId>> {
  const found = new Set<ConversationId>()
  for (const id of new Set(events.map(({ conversationId }) => conversationId))) if ((await tx.messages.echoes(id)).length > 0) found.add(id)
  return found
}
