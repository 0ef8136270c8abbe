/** One outbox row of the `receipt` lane: computes the report from my own state at this moment, hands it over, and notes what the wire took. */
import { maxPoint, NO_PROGRESS, type Conversation, type Message, type Point, type Progress } from '../model/index.js'
import { samePoint } from '../model/samePoint.js'
import { ackReport, containsProgress, NO_OWN_STATE, progressUpTo, type OwnState } from '../receipts/index.js'
import type { OutboxReport, StorageTx } from '../storage/index.js'
import type { ReceiptScope, Report, ReportedMessage, TransportError } from '../transport/index.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { isForMe } from './joined.js'
import { reportDue } from './queueReport.js'
import { dropReport, isOfOneMessage } from './refusedReport.js'
import { prepareContent } from './receiptContent.js'
import { nextMessages, type NamedMessages } from './reportedMessages.js'
import { nextPosition } from './reportedPosition.js'
import { MOST_SAID, partOf, sizeOf } from './reportSize.js'
import type { SendReport } from './reportsUnderWay.js'
import { startOf } from './resets.js'
import { asTransportError } from './sending.js'

/**
 * Sends what is due of one row. Returns the changes once nothing more is due, or it was refused for good; throws what the transport threw otherwise.
 *
 * @param read - what is due, if it was read just now
 */
export async function runReport(ctx: SyncContext, entry: OutboxReport, send: SendReport, signal: AbortSignal, named: NamedAtMost, read?: PreparedReport | null): Promise<Changes> {
  let most = named.get(entry.seq)
  const prepare = () => ctx.storage.read((tx) => prepareReport(tx, ctx, entry, most))
  let prepared = read === undefined || most !== undefined ? await prepare() : read
  const renew = async () => (prepared = await prepare())?.report ?? null
  const trySending = async (): Promise<TransportError | null> => {
    try {
      if (prepared?.report) await send(prepared.report, signal, renew)
      return null
    } catch (cause) {
      const error = asTransportError(cause)
      if (error.stored !== 'no' || error.retry !== 'no') throw error
      return error
    }
  }
  for (let refused = await trySending(); refused !== null; refused = await trySending()) {
    const count = countOf(prepared)
    const isOfOne = await isOfOneMessage(ctx, entry, refused)
    if (isOfOne && count === 1) named.set(entry.seq, 1)
    if (count < 2 || !isOfOne) return dropReport(ctx, entry, prepared, refused)
    // It keeps no other from being told: fewer are named, down to that one.
    most = Math.ceil(count / 2)
    prepared = await prepare()
  }
  if (most !== undefined && named.has(entry.seq)) {
    if (countOf(prepared) < most) named.delete(entry.seq)
    else named.set(entry.seq, 2 * most)
  }
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    const before = (await tx.readStates.getOwn(entry.conversationId)) ?? NO_OWN_STATE
    const own = prepared ? ackReport(before, entry.kind, entry.visibility, prepared.covers, prepared.told) : before
    if (own !== before) {
      await tx.readStates.putOwn(entry.conversationId, own)
      changes.own.set(entry.conversationId, own)
    }
    // Something read while the report was under way leaves with the next one. Where nobody was told, what is still due may have nobody to be told either.
    const more = entry.said ? null : prepared?.report ? reportDue(own, entry.kind, entry.visibility) : await prepareReport(tx, ctx, entry)
    if (more) changes.reports = true
    else await tx.outbox.delete(entry.seq)
    return changes
  })
}

/**
 * How many messages a row may name at once, by its number, once one of them alone was unknown to the wire: who does not know one may know none, and is not asked
 * about each of a thousand in ten steps. Without an entry as many as the wire takes.
 */
export type NamedAtMost = Map<number, number>

const countOf = (prepared: PreparedReport | null) => prepared?.report?.messages.length ?? 0

export interface PreparedReport {
  /** Null: of this part there is nobody to tell. */
  readonly report: Report | null
  /** What the wire has when it takes the report. */
  readonly covers: Progress
  /** What my other devices then know. */
  readonly told: Progress
  /** All that was due, of which it may be a part. */
  readonly due: Progress
}

/**
 * What a row has to tell, or null: one that is gone nothing, as when receipts were switched off.
 * @param most - messages that are named, where single ones are. Default: as many as the wire takes
 */
export async function prepareReport(tx: StorageTx, ctx: SyncContext, entry: OutboxReport, most?: number): Promise<PreparedReport | null> {
  if (!(await tx.outbox.get(entry.seq))) return null
  if (entry.said) return prepareContent(tx, ctx, entry, entry.said)
  const conversation = await tx.conversations.get(entry.conversationId)
  const own = await tx.readStates.getOwn(entry.conversationId)
  const due = conversation && own && reportDue(own, entry.kind, entry.visibility)
  if (!conversation || !own || !due) return null
  const said = await SAYING[ctx.transport.capabilities[entry.kind][conversation.kind]]({ tx, ctx, entry, conversation, own, due, most })
  if (said === null) return null
  const { says: { upTo, ranges }, messages, covers, told } = said
  const { kind, visibility, readAt } = entry
  const to = { id: conversation.id, kind: conversation.kind }
  const ageMs = Math.max(0, ctx.ports.clock.now() - readAt)
  return { report: messages && { conversation: to, kind, visibility, upTo, ranges, messages, ageMs }, covers, told, due }
}

interface Due {
  readonly tx: StorageTx
  readonly ctx: SyncContext
  readonly entry: OutboxReport
  readonly conversation: Conversation
  readonly own: OwnState
  readonly due: Progress
  readonly most: number | undefined
}

interface Said extends Pick<PreparedReport, 'covers' | 'told'> {
  readonly says: Progress
  /** Null: nobody waits for word of any in this part. */
  readonly messages: readonly ReportedMessage[] | null
}

const SAYING: Readonly<Record<ReceiptScope, (of: Due) => Promise<Said | null>>> = {
  ranges: async (of) => saying([], of),
  point: sayPosition,
  message: sayMessages,
  // Only my own devices are told: what waits for others was queued by the rules of another kind of conversation, or over another wire.
  none: async (of) => (of.entry.visibility === 'published' ? null : saying((await nextNamed(of)).messages, of)),
}

function saying(messages: readonly ReportedMessage[], of: Due): Said {
  const says = roomyPart(messages, of)
  return { says, messages, covers: says, told: says }
}

/** Beside those that are named. */
function roomyPart(messages: readonly ReportedMessage[], of: Due): Progress {
  return partOf(of.due, ackedOf(of), MOST_SAID - sizeOf(messages))
}

async function sayPosition({ tx, ctx, entry, conversation, own, due }: Due): Promise<Said | null> {
  const before = toldUpTo(own.acked[entry.visibility][entry.kind])
  const position = await nextPosition(tx, ctx, conversation, due, { kind: entry.kind, told: before, publishFloor: entry.visibility === 'published' ? own.publishFloor : null })
  if (position === null) return null
  const told = progressUpTo(position)
  // It passes what was said before I joined, or while I was away, and was never read.
  const isNamed = ({ at }: Message) => isForMe(at!, conversation.joined)
  const { messages } = await nextMessages(tx, ctx, conversation, { due: told, acked: before === null ? NO_PROGRESS : progressUpTo(before), isNamed })
  // What lies beyond is due until nothing stands in its way any more.
  return { says: told, messages, covers: told, told }
}

/** As far as the wire has been told: also in an epoch of which nobody here can tell that it goes on from the one before. */
function toldUpTo({ upTo, ranges }: Progress): Point | null {
  return ranges.reduce((told, { from, to }) => (samePoint(from, startOf(from.epoch)) ? maxPoint(told, to) : told), upTo)
}

async function sayMessages(of: Due): Promise<Said | null> {
  const named = await nextNamed(of)
  const { messages } = named
  const covers = await named.covers()
  // What is still due is not here: it is named when it comes.
  if (messages.length === 0 && containsProgress(ackedOf(of), covers)) return null
  return { says: roomyPart(messages, of), messages: messages.length === 0 ? null : messages, covers, told: covers }
}

function nextNamed(of: Due): Promise<NamedMessages> {
  return nextMessages(of.tx, of.ctx, of.conversation, { due: of.due, acked: ackedOf(of), most: of.most })
}

function ackedOf({ own, entry }: Due): Progress {
  return own.acked[entry.visibility][entry.kind]
}
