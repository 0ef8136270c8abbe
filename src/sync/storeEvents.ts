/** Events of the wire into storage: which of them go first within a transaction, and what becomes of one that the database does not take. */
import { ChatError, type ConversationId } from '../model/index.js'
import type { Gap, StorageTx } from '../storage/index.js'
import { unstorableError } from '../storage/storageErrors.js'
import type { IncomingMessage, IncomingReceipt, TransportEvent } from '../transport/index.js'
import { applyConversation, applyMember } from './applyConversations.js'
import { applyEdit, type EditEvent } from './applyEdits.js'
import { applyMessages, whyMalformed } from './applyMessages.js'
import { applyHeld, applyReceipts, receiptRules } from './applyReceipts.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { noteDelivered } from './delivered.js'
import { createEarlyEdits, type EarlyEdits } from './earlyEdits.js'
import { whyNoEvent } from './eventShape.js'
import { followPlaces } from './followPlaces.js'
import { absenceIn, closeOpenGaps, loadGaps, recordGap, recordGaps, recountUnread } from './gapRows.js'
import { noteHole, noteLostEnds } from './holes.js'
import { isTooDeep } from './nesting.js'
import { missesAbsences, noteAbsence } from './neverCame.js'
import { noteLateRows } from './lateRows.js'
import { storedMissing } from './notedMissing.js'
import { heardIn, noteOvertaking, strangersIn } from './overtaking.js'
import { noteReset } from './resets.js'
import { placeHeld, placeReceipt, type Placed } from './namelessReceipts.js'
import { queueRipeReports } from './ripeReports.js'
import { noteHeard } from './sentPlaces.js'
import { storablePart } from './storablePart.js'
import { createUnasked, type Unasked } from './unasked.js'
import { asksForRosters, noteUnsureRosters } from './unsureRosters.js'

/** Name of the meta row that holds the last cursor. */
const CURSOR_KEY = 'cursor'

/** Where the wire is to go on; undefined: from the beginning. */
export async function loadCursor(tx: StorageTx): Promise<string | undefined> {
  const cursor = await tx.meta.get<unknown>(CURSOR_KEY)
  return typeof cursor === 'string' ? cursor : undefined
}

/**
 * Stores a batch. One that the database refused for what is in it is tried event by event, so that one bad event stops nothing but itself, and of that one what can be stored.
 * Returns false when nothing of it was kept and it has to be tried again.
 */
export async function storeBatch(ctx: SyncContext, memory: Memory, batch: readonly TransportEvent[], onStored: (changes: Changes) => void): Promise<boolean> {
  try {
    await writeBatch(ctx, memory, batch, onStored)
    return true
  } catch (cause) {
    if (isRetryable(cause)) return false
    const [event, ...more] = batch
    if (more.length === 0) return storePart(ctx, memory, event!, cause, onStored)
    for (const each of batch) if (!(await storeBatch(ctx, memory, [each], onStored))) return false
    return true
  }
}

async function storePart(ctx: SyncContext, memory: Memory, event: TransportEvent, cause: unknown, onStored: (changes: Changes) => void): Promise<boolean> {
  const part = partOfEvent(event)
  if (part === null) return giveUp(ctx, event, cause)
  try {
    await writeBatch(ctx, memory, [part], onStored)
  } catch (trouble) {
    return isRetryable(trouble) ? false : giveUp(ctx, part, trouble)
  }
  countPart(ctx, part)
  return true
}

/** What is left of a message may be none any more: that was counted already. */
function countPart(ctx: SyncContext, part: TransportEvent): void {
  if (part.type !== 'message' || whyMalformed(part.message) === null) ctx.onDropped('event/partlyStored')
}

function isRetryable(cause: unknown): boolean {
  return cause instanceof ChatError && cause.retryable
}

/** Null where nothing has to be left out, or what is left is none. A message that is none any more has its place noted. */
function partOfEvent(event: TransportEvent): TransportEvent | null {
  const part = storablePart(event)
  return part !== null && whyNoEvent(part) === null ? part : null
}

/** Where a wire goes on from a cursor it is not told again: nothing may be claimed over the place of a message that is missing so. */
async function giveUp(ctx: SyncContext, event: TransportEvent, cause: unknown): Promise<boolean> {
  try {
    if (event.type === 'message') await ctx.storage.write((tx) => noteHole(tx, ctx.me, event.message))
  } catch (trouble) {
    if (isRetryable(trouble)) return false
  }
  ctx.onDropped('storage/refused')
  ctx.onError(
    cause instanceof ChatError
      ? cause
      : new ChatError('storage/apply', `A "${event.type}" event of the transport could not be stored, so what it says is not shown. A wire that goes on from a cursor does not tell it again; over a message that is missing so, nothing is told as read or delivered. See the cause.`, { cause }),
  )
  return true
}

/** The same of what was asked for: one bad message keeps no page of history from being stored. */
export async function storeFetched(ctx: SyncContext, memory: Memory, messages: readonly IncomingMessage[], onStored: (changes: Changes) => void, fetched: Fetched): Promise<void> {
  const batch = messages.map((message): TransportEvent => ({ type: 'message', message }))
  try {
    await writeBatch(ctx, memory, batch, onStored, fetched)
  } catch (cause) {
    if (!(cause instanceof ChatError) || cause.code !== 'storage/unstorable') throw cause
    const parts = batch.map((event) => partOfEvent(event) ?? event)
    await writeBatch(ctx, memory, parts, onStored, fetched)
    parts.forEach((part, i) => part !== batch[i] && countPart(ctx, part))
  }
}

/** What was asked for, and is done in the same transaction. */
export interface Fetched {
  readonly within?: ((tx: StorageTx, changes: Changes) => Promise<void>) | undefined
}

async function writeBatch(ctx: SyncContext, memory: Memory, batch: readonly TransportEvent[], onStored: (changes: Changes) => void, fetched?: Fetched): Promise<void> {
  if (batch.some(isTooDeep)) throw unstorableError(new RangeError('It is nested too deep.'))
  const { early, unasked } = memory
  const { changes, dropped, ripe, missed, lost, came } = await ctx.storage.write(async (tx) => {
    const collected = createChanges()
    const refused: Parameters<SyncContext['onDropped']>[] = []
    const edits = await applyBatch(tx, { ...ctx, onDropped: (...drop) => void refused.push(drop) }, memory, batch, collected, fetched !== undefined)
    await fetched?.within?.(tx, collected)
    // After the gaps, also those of a page: what is missing was not delivered.
    await noteDelivered(tx, ctx, collected)
    await followPlaces(tx, ctx, collected)
    await queueRipeReports(tx, ctx, collected)
    return { changes: collected, dropped: refused, ...edits }
  })
  // Counted once, however often the batch had to be tried.
  for (const drop of dropped) ctx.onDropped(...drop)
  unasked.noteCame(came)
  if (isReturn(batch[0])) memory.hasLost = false
  early.forget(ripe)
  for (const event of [...lost, ...missed.flatMap((each) => early.hold(each) ?? [])]) ctx.onDropped('edit/unknownMessage', event.conversationId)
  onStored(changes)
}

/** What is known of a connection until the next one. */
export interface Memory {
  readonly early: EarlyEdits
  readonly unasked: Unasked
  /** Something that came was let go, and nobody has noted yet what is missing. */
  hasLost: boolean
}

export function createMemory(): Memory {
  return { early: createEarlyEdits(), unasked: createUnasked(), hasLost: false }
}

/** What is missed before it is noted ahead of all that it tells. */
function isReturn(event: TransportEvent | undefined): boolean {
  return event?.type === 'state' && event.state.status === 'online'
}

const NOTHING_CAME = { came: [], missing: [] } as const

/** What came, and what became of edits: those that had waited and are applied, those whose message may come, and those whose message is missing history. */
interface Applied {
  /** Conversations in which something came by itself for the first time since the connection came back. */
  readonly came: readonly ConversationId[]
  readonly ripe: readonly EditEvent[]
  readonly missed: readonly EditEvent[]
  readonly lost: readonly EditEvent[]
}

/** What was missed before who there is, that before what they wrote, that before what happened to it, and the cursor after everything that it covers. */
async function applyBatch(tx: StorageTx, ctx: SyncContext, { early, unasked, hasLost }: Memory, batch: readonly TransportEvent[], changes: Changes, isFetched: boolean): Promise<Applied> {
  const rules = receiptRules(ctx)
  const ripe = new Set<ConversationId>()
  if (isReturn(batch[0]) && asksForRosters(ctx)) await noteUnsureRosters(tx, changes)
  if (isReturn(batch[0]) && missesAbsences(ctx, hasLost)) for (const id of await noteAbsence(tx, ctx)) await recountUnread(tx, ctx, id, changes)
  const strangers = isFetched ? NOTHING_CAME : await strangersIn(tx, ctx, unasked, batch)
  for (const event of batch) {
    if (event.type === 'conversation' && (await applyConversation(tx, ctx, event.conversation, changes))) ripe.add(event.conversation.id)
    if (event.type === 'member') {
      await applyMember(tx, ctx, event, changes, Math.max(0, ...batch.map((each) => (each.type === 'reset' && each.conversationId === event.conversationId ? each.epoch : 0))))
      ripe.add(event.conversationId)
    }
  }
  const { messages, malformed } = sorted(ctx, batch)
  await noteLateRows(tx, ctx, messages, changes, isFetched ? 'none' : 'new')
  for (const message of malformed) await noteHole(tx, ctx.me, message)
  const { came, missing } = isFetched ? NOTHING_CAME : await noteOvertaking(tx, ctx, unasked, messages)
  const heard = heardIn(batch)
  for (const id of await applyMessages(tx, ctx, messages, changes)) {
    ripe.add(id)
    await closeOpenGaps(tx, ctx, id, heard.get(id) ?? [], changes)
  }
  await noteHeard(tx, messages)
  for (const id of missing) await recountUnread(tx, ctx, id, changes)
  for (const event of batch) if (event.type === 'reset') await noteReset(tx, ctx, event.conversationId, event.epoch, changes)
  await early.load(tx)
  const ripeEdits = early.waitingFor(changes.rows.values())
  const [missed, lost]: [EditEvent[], EditEvent[]] = [[], []]
  for (const event of [...ripeEdits, ...batch]) if (isEdit(event) && !(await applyEdit(tx, ctx.me, event, changes))) ((await mayCome(tx, ctx, event)) ? missed : lost).push(event)
  await early.keep(tx, ripeEdits, missed)
  const waited = ripe.size > 0 ? await placeHeld(tx, changes.rows.values()) : []
  for (const [id, receipts] of await receiptsByConversation(tx, ctx, batch, waited)) await applyReceipts(tx, rules, id, receipts, changes)
  for (const id of ripe) await applyHeld(tx, rules, id, changes)
  for (const gap of strangers.missing) await recordGap(tx, ctx, gap, changes)
  const gaps = new Map<ConversationId, readonly Gap[]>()
  const recordAll = async () => {
    for (const [id, all] of gaps) await recordGaps(tx, ctx, id, all, changes)
    gaps.clear()
  }
  for (const [i, event] of batch.entries()) {
    if (event.type === 'gap') {
      const since = (event.before === null && heardIn(batch.slice(i)).get(event.conversationId)) || []
      gaps.set(event.conversationId, [...(gaps.get(event.conversationId) ?? []), ...(await absenceIn(tx, event, since))])
    }
    // Of what is told to be missing behind a loss nothing was lost.
    if (event.type === 'reset') await recordAll()
    // A missing number tells of itself.
    if (event.type === 'reset' && !ctx.transport.capabilities.dense) await noteLostEnds(tx, event.conversationId, event.epoch, [...(await loadGaps(tx, event.conversationId, changes)), ...(await storedMissing(tx, event.conversationId))])
    if (event.type === 'cursor') await tx.meta.put(CURSOR_KEY, event.cursor)
  }
  await recordAll()
  return { ripe: ripeEdits, missed, lost, came: [...came, ...strangers.came] }
}

/** Where nothing overtakes, only the answer to sending is overtaken: the message is here, and nobody knows its id. */
async function mayCome(tx: StorageTx, { transport: { capabilities } }: SyncContext, { conversationId }: EditEvent): Promise<boolean> {
  return capabilities.inOrder !== true || (await tx.messages.echoes(conversationId)).length > 0
}

function sorted(ctx: SyncContext, batch: readonly TransportEvent[]): { readonly messages: readonly IncomingMessage[]; readonly malformed: readonly unknown[] } {
  const messages: IncomingMessage[] = []
  const malformed: unknown[] = []
  for (const event of batch) {
    if (event.type !== 'message') continue
    if (whyMalformed(event.message) === null) messages.push(event.message)
    else {
      malformed.push(event.message)
      ctx.onDropped('message/malformed', event.message?.conversationId)
    }
  }
  return { messages, malformed }
}

function isEdit(event: TransportEvent): event is EditEvent {
  return event.type === 'edited' || event.type === 'recalled' || event.type === 'deleted' || event.type === 'reacted'
}

/** Groups receipts, those that waited for what came before those that came; one that names only messages is looked up by them. */
async function receiptsByConversation(tx: StorageTx, ctx: SyncContext, batch: readonly TransportEvent[], waited: readonly Placed[]): Promise<Map<ConversationId, IncomingReceipt[]>> {
  const groups = new Map<ConversationId, IncomingReceipt[]>()
  const add = (id: ConversationId, receipt: IncomingReceipt) => groups.set(id, [...(groups.get(id) ?? []), receipt])
  for (const [id, receipt] of waited) add(id, receipt)
  for (const event of batch) {
    if (event.type !== 'receipt') continue
    // Its fields were looked at when it came.
    const { type: _type, ...receipt } = event
    // What somebody told their own devices is nobody else's, whatever a wire hands over.
    if (receipt.visibility === 'ownDevices' && receipt.by !== ctx.me) ctx.onDropped('receipt/notMine', receipt.conversationId)
    else if (receipt.conversationId !== undefined) {
      const group = groups.get(receipt.conversationId)
      if (group) group.push(receipt)
      else groups.set(receipt.conversationId, [receipt])
    } else if (!receipt.ids?.length && !receipt.count) ctx.onDropped('receipt/unknownConversation')
    else for (const [id, part] of await placeReceipt(tx, receipt, ctx.ports.clock.now())) add(id, part)
  }
  return groups
}
