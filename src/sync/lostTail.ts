/**
 * A server that was restored has lost its tail: what I had sent at the end of it is here, and nowhere else. It is a failed message again, to be sent again or let go;
 * else it would stand as sent for ever, and as read as soon as anybody's position has passed where it stood.
 */
import { ChatError, comparePoints, isPoint, type ConversationId, type Message, type Point, type SendFailure, type UserId } from '../model/index.js'
import { placesOf } from '../model/placesOf.js'
import type { StorageTx } from '../storage/index.js'
import { applyHeld, receiptRules } from './applyReceipts.js'
import { forgetArchived } from './archiving.js'
import { askHistory } from './askHistory.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { findSend } from './findSend.js'
import { noteOwnPlaces } from './holes.js'
import { pageEnds } from './pageEnds.js'
import { putEdited } from './putEdited.js'
import { actionsOn } from './queuedActions.js'
import { noteFound, openResets, startOf, type Loss, type Reset } from './resets.js'
import { noteUntimed } from './serverTime.js'

/** Code of the failure of a message that was accepted, and that a restored server does not have any more. */
const LOST_CODE = 'message/lost'
/** Rows looked at in one transaction. */
const ROWS = 500

/** One conversation that the wire refuses keeps none of the others waiting. @returns whether something could not be found now */
export async function findLostTails(ctx: SyncContext, onChanged: (changes: Changes) => void): Promise<boolean> {
  let isLeft = false
  for (const [id, reset] of await ctx.storage.read(openResets)) {
    await findLostTail(ctx, id, reset).then(onChanged, (cause: unknown) => {
      isLeft ||= !(cause instanceof ChatError) || cause.retryable
    })
  }
  return isLeft
}

/** Asks for the last message before each new epoch: what is mine and stands behind that one was lost. Where a server shows nothing of what was before, that may be for another reason. */
async function findLostTail(ctx: SyncContext, id: ConversationId, reset: Reset): Promise<Changes> {
  const losses: Loss[] = []
  let isKnown = true
  // What it shows, and is not here, it got when it had lost what was looked for then.
  for (let begun = reset.epoch; begun > reset.found || !isKnown; ) {
    const before = startOf(begun)
    if ((await ctx.storage.read((tx) => tx.messages.page({ conversationId: id, before, limit: 1 }))).length === 0) break
    const after = await lastKept(ctx, id, before)
    // One that answers with the newest, whatever it is asked, says nothing.
    if (!after || after.epoch >= begun) {
      losses.push({ epoch: begun, after: null, since: Math.min(reset.found + 1, begun) })
      break
    }
    losses.push({ epoch: begun, after })
    isKnown = (await ctx.storage.read((tx) => tx.messages.byId(id, after.id))) !== undefined
    begun = after.epoch
  }
  return ctx.storage.write((tx) => loseAll(tx, ctx, id, losses.toReversed(), reset), { durability: 'strict' })
}

/** The last message before a place that the server has, if it tells. What stands in a page beyond a hole is not the last: something is between. */
async function lastKept(ctx: SyncContext, id: ConversationId, before: Point): Promise<Point | null> {
  const page = await askHistory(ctx, id, { before, limit: 1 })
  const last = (page.messages.at(-1) as { readonly at?: unknown } | null | undefined)?.at
  const end = pageEnds(page)?.oldest
  if (!end || (isPoint(last) && comparePoints(last, end) >= 0)) return isPoint(last) ? last : null
  return comparePoints(end, before) < 0 ? lastKept(ctx, id, end) : null
}

/** In one transaction: what comes before it is found, and what comes after it has it looked again. The oldest first: what was sent again may have been lost again. */
async function loseAll(tx: StorageTx, ctx: SyncContext, id: ConversationId, losses: readonly Loss[], reset: Reset): Promise<Changes> {
  const changes = createChanges()
  for (const { epoch, after } of losses) if (after) await noteOwnPlaces(tx, id, await loseTail(tx, ctx, id, { after, before: startOf(epoch) }, changes))
  // What waited to be sure.
  if (await noteFound(tx, id, reset, losses)) await applyHeld(tx, receiptRules(ctx), id, changes)
  return changes
}

/** Everything between the last that it kept and a new epoch. */
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
      mine.push(...placesOf(row).filter((each) => comparePoints(each, before) < 0))
      if (await stayKept(tx, ctx.me, row, after, changes)) continue
      // Also where it is to bear the same id again.
      await forgetArchived(tx, row)
      if (!(await moveOn(tx, ctx.me, row, before, changes))) await takeBack(tx, ctx.me, row, place, changes)
    }
    if (rows.length < ROWS) return mine
  }
}

/** What was taken back, or deleted, also for me alone, nobody sends again. */
function isSent({ from, body, recalledAt, deletedAt, hidden }: Message, me: string): boolean {
  return from === me && body.kind !== 'system' && recalledAt === undefined && deletedAt === undefined && !hidden
}

/** The wire had stored it twice, and the server has the other one still: nothing is lost of it, and who reached either has reached it. */
async function stayKept(tx: StorageTx, me: UserId, row: Message, after: Point, changes: Changes): Promise<boolean> {
  const at = row.otherPlaces?.find((place) => comparePoints(place, after) <= 0)
  if (!at) return false
  const otherPlaces = placesOf(row).filter((place) => place !== at).sort(comparePoints)
  await putEdited(tx, me, row, { ...row, at, otherPlaces }, changes)
  return true
}

/** Sent again meanwhile, by another device: it stands where the server has it now. */
async function moveOn(tx: StorageTx, me: UserId, row: Message, before: Point, changes: Changes): Promise<boolean> {
  // What was counted of it was counted before.
  const { otherPlaces = [], readCount: _readCount, ...kept } = row
  const [at, ...others] = otherPlaces.filter((place) => comparePoints(place, before) > 0)
  if (!at) return false
  // Its time is of where it stood.
  const moved: Message = { ...kept, at, untimed: true, ...(others.length > 0 ? { otherPlaces: others } : {}) }
  await noteUntimed(tx, row.conversationId, at)
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
