/**
 * Everything the wire tells, into storage and onto the screen. Events queue up while a transaction runs, and the next one takes all of them:
 * a flood of receipts is a few joins, a few writes and a few commits, however many events it came in.
 */
import { ChatError, maxPoint, type ConversationId, type Point, type Stop, type UserId } from '../model/index.js'
import { NO_OWN_STATE } from '../receipts/index.js'
import type { StorageTx } from '../storage/index.js'
import type { IncomingConversation, IncomingMessage, IncomingReceipt, TransportEvent } from '../transport/index.js'
import { applyEdit, type EditEvent } from './applyEdits.js'
import { applyMessages, whyMalformed } from './applyMessages.js'
import { applyHeld, applyReceipts, type ReceiptRules } from './applyReceipts.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { loadConversation, loadOwn, newConversation, saveConversation } from './conversationRows.js'
import { noteDelivered } from './delivered.js'
import { cleanReceipt } from './receiptShape.js'
import { countUnreadRows } from './unread.js'

/** After a failed transaction the next try waits this long at first, then twice as long each time, milliseconds. */
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 10_000
/** Receipts that follow each other closely are stored together, at most once in this time, milliseconds. A transaction costs as much for one as for many; more would be seen as a delay. */
const RECEIPTS_PACE_MS = 80
/** Events that may wait while the database is in trouble. Beyond, they are let go and asked for again. */
const MAX_WAITING = 20_000

export interface Inbound {
  /** Of what is kept; the rest is `ephemeral.ts`. */
  handle(event: TransportEvent): void
  /** Stores messages that were asked for (history), in a transaction of their own. */
  store(messages: readonly IncomingMessage[], within?: (tx: StorageTx, changes: Changes) => Promise<void>): Promise<void>
  /** Resolves when everything handed over so far is stored. */
  idle(): Promise<void>
  stop(): void
}

/** Name of the meta row that holds the last cursor. */
export const CURSOR_KEY = 'cursor'
/** Most events of one transaction: keeps it short, and the screen live, in a long catch-up. */
const BATCH_EVENTS = 1_000
/** Fewer where they take longer than this, milliseconds: a receipt waits for the transaction that runs. */
const BATCH_MS = 60
const FEWEST_EVENTS = 100

/** @param onLost - more waited than is kept: everything after the last cursor has to come again */
export function createInbound(ctx: SyncContext, onStored: (changes: Changes) => void, onLost: () => void): Inbound {
  let queue: TransportEvent[] = []
  let running: Promise<void> | null = null
  let stopped = false
  /** How often everything that waited was let go. */
  let losses = 0
  let wake: Stop = () => {}
  /** Something waits that is no receipt, or somebody waits for all of it. */
  let urgent = false
  let resting = false
  let receiptsStoredAt = Number.NEGATIVE_INFINITY
  let batchSize = BATCH_EVENTS
  let overtook = false

  /** The first receipt is stored at once, those that follow it together. */
  const restMs = () => (urgent ? 0 : receiptsStoredAt + RECEIPTS_PACE_MS - ctx.ports.clock.monotonic())

  async function rest(leftMs: number): Promise<void> {
    resting = true
    await pause(leftMs)
    resting = false
  }

  function hurry(): void {
    urgent = true
    if (resting) wake()
  }

  /** The database being full, busy or lost is no reason to lose anything: the same events are tried until they are stored. */
  async function drain(): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; queue.length > 0 && !stopped; ) {
      const leftMs = restMs()
      if (leftMs > 0) {
        await rest(leftMs)
        continue
      }
      const taken = losses
      const batch = nextBatch()
      const beganAt = ctx.ports.clock.monotonic()
      if (await storeBatch(ctx, batch, onStored)) {
        if (batch.length >= batchSize) batchSize = sizeFor(batch.length, ctx.ports.clock.monotonic() - beganAt)
        if (taken === losses) queue = without(queue, batch)
        pauseMs = FIRST_PAUSE_MS
        if (!urgent) receiptsStoredAt = ctx.ports.clock.monotonic()
        if (queue.length === 0) urgent = false
      } else if (!stopped) {
        await pause(pauseMs)
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
      }
    }
  }

  /** Of a flood of messages, a part; between two of them the receipts that wait behind it for nothing. */
  function nextBatch(): readonly TransportEvent[] {
    const ahead = overtook || queue.length <= batchSize ? [] : receiptsAhead(queue)
    overtook = ahead.length > 0
    return overtook ? ahead.slice(0, BATCH_EVENTS) : queue.slice(0, batchSize)
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const stopTimer = ctx.ports.clock.setTimer(resolve, ms)
      wake = () => {
        stopTimer()
        resolve()
      }
    })
  }

  function kick(): void {
    running ??= drain().finally(() => {
      running = null
      if (queue.length > 0 && !stopped) kick()
    })
  }

  function lose(): void {
    queue = []
    losses += 1
    ctx.onDropped('inbound/tooMany')
    onLost()
  }

  return {
    handle(event) {
      if (stopped) return
      queue.push(event)
      if (event.type !== 'receipt') hurry()
      if (queue.length > MAX_WAITING) lose()
      else kick()
    },
    async store(messages, within) {
      await writeBatch(ctx, messages.map((message) => ({ type: 'message', message })), onStored, within)
    },
    async idle() {
      while (running) {
        hurry()
        await running
      }
    },
    stop() {
      stopped = true
      queue = []
      wake()
    },
  }
}

/** Receipts of conversations of which nothing else waits before them: no order is lost when these go first. */
function receiptsAhead(queue: readonly TransportEvent[]): readonly TransportEvent[] {
  const behind = new Set<ConversationId | undefined>([undefined])
  return queue.filter((event) => {
    if (event.type === 'receipt') return !behind.has(event.conversationId)
    behind.add(conversationOf(event))
    return false
  })
}

function conversationOf(event: TransportEvent): ConversationId | undefined {
  if (event.type === 'message') return event.message?.conversationId
  if (event.type === 'conversation') return event.conversation?.id
  return 'conversationId' in event ? event.conversationId : undefined
}

function without(queue: readonly TransportEvent[], stored: readonly TransportEvent[]): TransportEvent[] {
  if (stored[0] === queue[0] && stored.at(-1) === queue[stored.length - 1]) return queue.slice(stored.length)
  const gone = new Set(stored)
  return queue.filter((event) => !gone.has(event))
}

function sizeFor(events: number, tookMs: number): number {
  return Math.min(BATCH_EVENTS, Math.max(FEWEST_EVENTS, Math.round((events * BATCH_MS) / Math.max(1, tookMs))))
}

/**
 * Stores a batch. One that the database refused for what is in it is tried event by event, so that one bad event stops nothing but itself.
 * Returns false when nothing of it was kept and it has to be tried again.
 */
async function storeBatch(ctx: SyncContext, batch: readonly TransportEvent[], onStored: (changes: Changes) => void): Promise<boolean> {
  try {
    await writeBatch(ctx, batch, onStored)
    return true
  } catch (cause) {
    if (cause instanceof ChatError && cause.retryable) return false
    if (batch.length > 1) {
      for (const event of batch) if (!(await storeBatch(ctx, [event], onStored))) return false
      return true
    }
    ctx.onDropped('storage/refused')
    ctx.onError(
      cause instanceof ChatError
        ? cause
        : new ChatError('storage/apply', `A "${batch[0]!.type}" event of the transport could not be stored. It will come again with the next catch-up. See the cause.`, { retryable: true, cause }),
    )
    return true
  }
}

async function writeBatch(ctx: SyncContext, batch: readonly TransportEvent[], onStored: (changes: Changes) => void, within?: (tx: StorageTx, changes: Changes) => Promise<void>): Promise<void> {
  const changes = await ctx.storage.write(async (tx) => {
    const collected = createChanges()
    await applyBatch(tx, ctx, batch, collected)
    await within?.(tx, collected)
    return collected
  })
  onStored(changes)
}

async function applyBatch(tx: StorageTx, ctx: SyncContext, batch: readonly TransportEvent[], changes: Changes): Promise<void> {
  const rules: ReceiptRules = { me: ctx.me, now: ctx.ports.clock.now(), onDropped: ctx.onDropped, knownMembers: (id) => ctx.store.getState().readViews.get(id)?.members ?? [] }
  const ripe = new Set<ConversationId>()
  for (const event of batch) {
    if (event.type === 'conversation' && (await applyConversation(tx, ctx, event.conversation, changes))) ripe.add(event.conversation.id)
    if (event.type === 'member') {
      await applyMember(tx, event, changes)
      ripe.add(event.conversationId)
    }
  }
  for (const id of await applyMessages(tx, ctx.me, wellFormed(ctx, batch), changes)) {
    ripe.add(id)
    await closeOpenGaps(tx, id)
  }
  for (const event of batch) if (isEdit(event) && !(await applyEdit(tx, ctx.me, event, changes))) ctx.onDropped('edit/unknownMessage', event.conversationId)
  for (const [id, receipts] of await receiptsByConversation(tx, ctx, batch)) await applyReceipts(tx, rules, id, receipts, changes)
  for (const id of ripe) await applyHeld(tx, rules, id, changes)
  for (const event of batch) {
    if (event.type === 'gap') await recordGap(tx, ctx, event, changes)
    if (event.type === 'cursor') await tx.meta.put(CURSOR_KEY, event.cursor)
  }
  // After the gaps: what is missing was not delivered.
  await noteDelivered(tx, ctx, changes)
}

function wellFormed(ctx: SyncContext, batch: readonly TransportEvent[]): IncomingMessage[] {
  const messages: IncomingMessage[] = []
  for (const event of batch) {
    if (event.type !== 'message') continue
    if (whyMalformed(event.message) === null) messages.push(event.message)
    else ctx.onDropped('message/malformed', event.message?.conversationId)
  }
  return messages
}

function isEdit(event: TransportEvent): event is EditEvent {
  return event.type === 'edited' || event.type === 'recalled' || event.type === 'deleted' || event.type === 'reacted'
}

/** Groups receipts; one that names only messages is looked up by them. */
async function receiptsByConversation(tx: StorageTx, ctx: SyncContext, batch: readonly TransportEvent[]): Promise<Map<ConversationId, IncomingReceipt[]>> {
  const groups = new Map<ConversationId, IncomingReceipt[]>()
  const add = (id: ConversationId, receipt: IncomingReceipt) => groups.set(id, [...(groups.get(id) ?? []), receipt])
  for (const event of batch) {
    if (event.type !== 'receipt') continue
    const receipt = cleanReceipt(event)
    if (receipt === null) ctx.onDropped('receipt/malformed')
    // What somebody told their own devices is nobody else's, whatever a wire hands over.
    else if (receipt.visibility === 'ownDevices' && receipt.by !== ctx.me) ctx.onDropped('receipt/notMine', receipt.conversationId)
    else if (receipt.conversationId !== undefined) {
      const group = groups.get(receipt.conversationId)
      if (group) group.push(receipt)
      else groups.set(receipt.conversationId, [receipt])
    } else {
      const rows = receipt.ids?.[0] === undefined ? [] : await tx.messages.findById(receipt.ids[0])
      if (rows.length === 0) ctx.onDropped('receipt/unknownConversation')
      for (const row of rows) add(row.conversationId, receipt)
    }
  }
  return groups
}

/** Returns whether something held may now have its place. */
async function applyConversation(tx: StorageTx, ctx: SyncContext, incoming: IncomingConversation, changes: Changes): Promise<boolean> {
  const stored = changes.conversations.get(incoming.id) ?? (await tx.conversations.get(incoming.id))
  const before = stored ?? newConversation(incoming.id, incoming.kind)
  const next = {
    ...before,
    kind: incoming.kind,
    ...(incoming.title === undefined ? {} : { title: incoming.title }),
    ...(incoming.avatarUrl === undefined ? {} : { avatarUrl: incoming.avatarUrl }),
    head: maxPoint(before.head, incoming.head ?? null),
    rosterComplete: incoming.rosterComplete ?? before.rosterComplete,
  }
  await saveConversation(tx, next, changes)
  if (incoming.members) {
    await tx.members.put(incoming.id, incoming.members)
    changes.members.set(incoming.id, await tx.members.list(incoming.id))
  }
  if (incoming.lastMessage && whyMalformed(incoming.lastMessage) === null) await showLastMessage(tx, ctx.me, incoming, changes)
  return next.head !== before.head || incoming.members !== undefined
}

/** The list shows what the back end says is last, before history has been fetched. The row itself comes with history, so that no hole goes unnoticed. */
async function showLastMessage(tx: StorageTx, me: UserId, { id, lastMessage }: IncomingConversation, changes: Changes): Promise<void> {
  const conversation = await loadConversation(tx, id, changes)
  if (!lastMessage || conversation.lastActivityAt >= lastMessage.time) return
  const { id: messageId, localId, ...rest } = lastMessage
  await saveConversation(tx, { ...conversation, lastMessage: { ...rest, localId: localId ?? `id:${messageId}`, ids: [messageId] }, lastActivityAt: lastMessage.time }, changes)
}

async function applyMember(tx: StorageTx, event: Extract<TransportEvent, { type: 'member' }>, changes: Changes): Promise<void> {
  await tx.members.put(event.conversationId, [event.member])
  changes.members.set(event.conversationId, await tx.members.list(event.conversationId))
}

/** Missing history; an open end closes at the first row that is there beyond it. What may be unread in it makes the count inexact. */
async function recordGap(tx: StorageTx, ctx: SyncContext, { conversationId, after, before }: Extract<TransportEvent, { type: 'gap' }>, changes: Changes): Promise<void> {
  const next = before ?? (await tx.messages.page({ conversationId, after: after ?? FIRST_PLACE, limit: 1 }))[0]?.at ?? null
  const gaps = [...(await tx.gaps.list(conversationId)), { conversationId, after, before: next }]
  await tx.gaps.replace(conversationId, gaps)
  changes.gaps.set(conversationId, gaps)
  const conversation = await loadConversation(tx, conversationId, changes)
  const own = (await loadOwn(tx, conversationId, changes)) ?? NO_OWN_STATE
  await saveConversation(tx, { ...conversation, unread: await countUnreadRows(tx, ctx.me, conversation, own) }, changes)
}

/** Gaps that reach up to what comes next end where it came. */
async function closeOpenGaps(tx: StorageTx, conversationId: ConversationId): Promise<void> {
  const gaps = await tx.gaps.list(conversationId)
  if (!gaps.some(({ before }) => before === null)) return
  const closed = await Promise.all(gaps.map(async (gap) => ({ ...gap, before: gap.before ?? (await tx.messages.page({ conversationId, after: gap.after ?? FIRST_PLACE, limit: 1 }))[0]?.at ?? null })))
  await tx.gaps.replace(conversationId, closed)
}

const FIRST_PLACE: Point = { epoch: 0, order: 0, id: '' }
