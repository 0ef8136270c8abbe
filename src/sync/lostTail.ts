/**
 * A server that was restored has lost its tail: what I had sent at the end of it is here, and nowhere else. It is a failed message again, to be sent again or let go;
 * else it would stand as sent for ever, and as read as soon as anybody's position has passed where it stood.
 */
import { comparePoints, isPoint, type ConversationId, type Message, type Point, type SendFailure, type UserId } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import { answered } from './answered.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { findConversation } from './conversationRows.js'
import { findSend } from './findSend.js'
import { noteOwnPlaces } from './holes.js'
import { putEdited } from './putEdited.js'
import { actionsOn } from './queuedActions.js'

/** Name of the meta row that holds the epochs which the wire has told, by conversation. */
const RESETS_KEY = 'resets'
/** Code of the failure of a message that was accepted, and that a restored server does not have any more. */
const LOST_CODE = 'message/lost'
/** Rows looked at in one transaction. */
const ROWS = 500

interface Reset {
  readonly epoch: number
  /** What was lost before this epoch, and all before it, was looked for. */
  readonly found: number
}

type Resets = Readonly<Record<ConversationId, Reset>>

/** It is told again with every connection. */
export async function noteReset(tx: StorageTx, id: ConversationId, epoch: number, changes: Changes): Promise<void> {
  const resets = await loadResets(tx)
  const reset = resetOf(resets, id)
  if (reset.epoch < epoch) await putReset(tx, resets, id, { ...reset, epoch }, changes)
}

/**
 * Who was away, or came later, is told of no reset; and what the server has lost meanwhile may still be on its way. Before the heads are raised.
 * @param areThere - the server shows them now: none of them is lost
 */
export async function noteEpochs(tx: StorageTx, me: UserId, messages: readonly Placed[], changes: Changes, areThere = false): Promise<void> {
  for (const [id, { newest, own }] of epochsOf(me, messages)) {
    const head = (await findConversation(tx, id, changes))?.head
    if (head && newest > head.epoch) await noteReset(tx, id, newest, changes)
    if (head && own < Infinity && !areThere) await lookAgain(tx, id, own, changes)
  }
}

interface Placed {
  readonly conversationId: ConversationId
  readonly from: UserId
  readonly at: Point | null
}

/** The newest epoch of each conversation, and the oldest of what is mine. */
function epochsOf(me: UserId, messages: readonly Placed[]): ReadonlyMap<ConversationId, { readonly newest: number; readonly own: number }> {
  const epochs = new Map<ConversationId, { newest: number; own: number }>()
  for (const { conversationId, from, at } of messages) {
    if (!at) continue
    const { newest, own } = epochs.get(conversationId) ?? { newest: 0, own: Infinity }
    epochs.set(conversationId, { newest: Math.max(newest, at.epoch), own: from === me ? Math.min(own, at.epoch) : own })
  }
  return epochs
}

async function lookAgain(tx: StorageTx, id: ConversationId, from: number, changes: Changes): Promise<void> {
  const resets = await loadResets(tx)
  const reset = resetOf(resets, id)
  if (reset.found > from) await putReset(tx, resets, id, { ...reset, found: from }, changes)
}

async function putReset(tx: StorageTx, resets: Resets, id: ConversationId, reset: Reset, changes: Changes): Promise<void> {
  await tx.meta.put(RESETS_KEY, { ...resets, [id]: reset })
  changes.epochs = true
}

function resetOf(resets: Resets, id: ConversationId): Reset {
  return Object.hasOwn(resets, id) ? resets[id]! : { epoch: 0, found: 0 }
}

async function loadResets(tx: StorageTx): Promise<Resets> {
  return (await tx.meta.get<Resets>(RESETS_KEY)) ?? {}
}

/** What cannot be found now is looked for with the next connection; one conversation that the wire refuses keeps none of the others waiting. */
export async function findLostTails(ctx: SyncContext, onChanged: (changes: Changes) => void): Promise<void> {
  const resets = await ctx.storage.read(loadResets)
  for (const [id, reset] of Object.entries(resets)) if (reset.found < reset.epoch) await findLostTail(ctx, id, reset).then(onChanged, () => {})
}

/** Asks for the last message before each new epoch: what is mine and stands behind that one was lost. Where a server shows nothing of what was before, that may be for another reason. */
async function findLostTail(ctx: SyncContext, id: ConversationId, reset: Reset): Promise<Changes> {
  const lost: Lost[] = []
  let isKnown = true
  // What it shows, and is not here, it got when it had lost what was looked for then.
  for (let begun = reset.epoch; begun > reset.found || !isKnown; ) {
    const before = { epoch: begun, order: 0, id: '' }
    if ((await ctx.storage.read((tx) => tx.messages.page({ conversationId: id, before, limit: 1 }))).length === 0) break
    const page = await answered(ctx, ctx.transport.history!(id, { before, limit: 1 }))
    const after = (page.messages.at(-1) as { readonly at?: unknown } | null | undefined)?.at
    // One that answers with the newest, whatever it is asked, says nothing.
    if (!isPoint(after) || after.epoch >= begun) break
    lost.push({ after, before })
    isKnown = (await ctx.storage.read((tx) => tx.messages.byId(id, after.id))) !== undefined
    begun = after.epoch
  }
  return ctx.storage.write((tx) => loseAll(tx, ctx, id, lost, reset), { durability: 'strict' })
}

/** In one transaction: what comes before it is found, and what comes after it has it looked again. The oldest first: what was sent again may have been lost again. */
async function loseAll(tx: StorageTx, ctx: SyncContext, id: ConversationId, lost: readonly Lost[], reset: Reset): Promise<Changes> {
  const changes = createChanges()
  for (const each of lost.toReversed()) await noteOwnPlaces(tx, id, await loseTail(tx, ctx, id, each, changes))
  const resets = await loadResets(tx)
  const now = resetOf(resets, id)
  // Looked for again from an earlier one on, meanwhile: so it is.
  if (now.found === reset.found) await tx.meta.put(RESETS_KEY, { ...resets, [id]: { ...now, found: reset.epoch } })
  return changes
}

/** What a server lost: everything between the last that it kept and a new epoch. */
interface Lost {
  readonly after: Point
  readonly before: Point
}

/** @returns where messages of mine stood */
async function loseTail(tx: StorageTx, ctx: SyncContext, id: ConversationId, { after, before }: Lost, changes: Changes): Promise<readonly Point[]> {
  const mine: Point[] = []
  let place = after
  for (let from = after; ; ) {
    const rows = await tx.messages.page({ conversationId: id, after: from, limit: ROWS })
    for (const row of rows) {
      const at = row.at!
      if (comparePoints(at, before) >= 0) return mine
      from = at
      if (!isSent(row, ctx.me)) {
        place = at
        continue
      }
      mine.push(...[at, ...(row.otherPlaces ?? [])].filter((each) => comparePoints(each, before) < 0))
      if (!(await moveOn(tx, ctx.me, row, before, changes))) await takeBack(tx, ctx.me, row, place, changes)
    }
    if (rows.length < ROWS) return mine
  }
}

/** What was taken back, or deleted, also for me alone, nobody sends again. */
function isSent({ from, body, recalledAt, deletedAt, hidden }: Message, me: string): boolean {
  return from === me && body.kind !== 'system' && recalledAt === undefined && deletedAt === undefined && !hidden
}

/** Sent again meanwhile, by another device: it stands where the server has it now. */
async function moveOn(tx: StorageTx, me: UserId, row: Message, before: Point, changes: Changes): Promise<boolean> {
  const { otherPlaces = [], ...kept } = row
  const [at, ...others] = otherPlaces.filter((place) => comparePoints(place, before) > 0)
  if (!at) return false
  const moved: Message = { ...kept, at, ...(others.length > 0 ? { otherPlaces: others } : {}) }
  await putEdited(tx, me, row, moved, changes)
  return true
}

/** @param after - what it stays behind on screen */
async function takeBack(tx: StorageTx, me: UserId, row: Message, after: Point, changes: Changes): Promise<void> {
  const { conversationId, from, localId } = row
  // What others did to it is lost as well; as it was edited last it would be sent.
  const { otherPlaces: _others, failure: _failure, editedAt: _editedAt, reactions: _reactions, readCount: _readCount, ...kept } = row
  for (const { seq, failed } of await actionsOn(tx, row)) if (failed) await tx.outbox.delete(seq)
  // Told as lost before, and then by an event that was late.
  const queued = await findSend(tx, conversationId, localId)
  if (queued) await tx.outbox.delete(queued.seq)
  const echoOrder = await tx.outbox.add({ lane: 'intent', action: 'send', conversationId, from, localId, attempts: 0, notBefore: 0, failed: LOST })
  const lost: Message = { ...kept, ids: [], at: null, outgoing: 'failed', failure: LOST, failedAfter: after, echoOrder }
  await putEdited(tx, me, row, lost, changes)
  changes.outbox = true
}

const LOST: SendFailure = {
  code: LOST_CODE,
  message: 'The server was restored from an older state and does not have this message any more. It is on this device. Send it again, or discard it.',
}
