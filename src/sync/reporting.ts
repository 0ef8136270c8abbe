/** One outbox row of the `receipt` lane: computes the report from my own state at this moment, hands it over, and notes what the wire took. */
import { isCountable, type Conversation, type Message, type Progress } from '../model/index.js'
import { ackReport, coversPoint, NO_OWN_STATE, progressUpTo, publishPrefix, toProgress, type OwnState } from '../receipts/index.js'
import type { OutboxReport, StorageTx } from '../storage/index.js'
import type { Report, ReportedMessage } from '../transport/index.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { holesOf } from './holes.js'
import { LATE_MS } from './knownHistory.js'
import { isNeutral } from './optimistic.js'
import { reportDue } from './queueReport.js'
import { stopsOfPosition } from './stretches.js'

/** Newest rows looked at for wires that acknowledge one message at a time, or know only a position. */
const REPORTED_ROWS = 500

/**
 * Sends what is due of one row. Returns the changes once nothing more is due; throws what the transport threw.
 *
 * @param read - what is due, if it was read just now
 */
export async function runReport(ctx: SyncContext, entry: OutboxReport, signal: AbortSignal, read?: PreparedReport | null): Promise<Changes> {
  const prepared = read === undefined ? await ctx.storage.read((tx) => prepareReport(tx, ctx, entry)) : read
  if (prepared) await ctx.transport.report(prepared.report, signal)
  return ctx.storage.write(async (tx) => {
    const changes = createChanges()
    const before = (await tx.readStates.getOwn(entry.conversationId)) ?? NO_OWN_STATE
    const own = prepared ? ackReport(before, entry.kind, entry.visibility, prepared.covers, prepared.told) : before
    if (own !== before) {
      await tx.readStates.putOwn(entry.conversationId, own)
      changes.own.set(entry.conversationId, own)
    }
    // Something read while the report was under way, or since there was nothing to say, leaves with the next one.
    const more = prepared ? reportDue(ctx, prepared.report.conversation, own, entry.kind, entry.visibility) : await prepareReport(tx, ctx, entry)
    if (more) changes.reports = true
    else await tx.outbox.delete(entry.seq)
    return changes
  })
}

export interface PreparedReport {
  readonly report: Report
  /** What the wire has when it takes the report. */
  readonly covers: Progress
  /** What my other devices then know. */
  readonly told: Progress
}

/** What a row has to tell, or null. */
export async function prepareReport(tx: StorageTx, ctx: SyncContext, entry: OutboxReport): Promise<PreparedReport | null> {
  const conversation = await tx.conversations.get(entry.conversationId)
  const own = await tx.readStates.getOwn(entry.conversationId)
  const due = conversation && own && reportDue(ctx, conversation, own, entry.kind, entry.visibility)
  if (!conversation || !own || !due) return null
  const scope = ctx.transport.capabilities[entry.kind][conversation.kind]
  const rows = scope === 'ranges' ? [] : await tx.messages.page({ conversationId: conversation.id, limit: REPORTED_ROWS })
  const told = scope === 'point' ? await toPosition(tx, ctx, conversation, own, due, rows) : due
  if (told === null) return null
  const named = rows.flatMap((row) => reported(row, ctx, own, entry, told))
  // The oldest first; the rest is still due, and leaves with the next.
  const part = named.slice(0, ctx.transport.capabilities.limits.reportBatch)
  const report: Report = {
    conversation: { id: conversation.id, kind: conversation.kind },
    kind: entry.kind,
    visibility: entry.visibility,
    upTo: told.upTo,
    ranges: told.ranges,
    messages: part,
    ageMs: Math.max(0, ctx.ports.clock.now() - entry.readAt),
  }
  // A wire that knows only a position has taken all it can of what is due.
  if (scope !== 'message' || part.length === named.length) return { report, covers: due, told: report }
  const covers = toProgress(null, part.map(({ at }) => ({ from: at, to: at })))
  return { report, covers, told: covers }
}

/** The one position that a wire may be told; null when none says anything true and new. */
async function toPosition(tx: StorageTx, ctx: SyncContext, conversation: Conversation, own: OwnState, due: Progress, rows: readonly Message[]): Promise<Progress | null> {
  if (due.ranges.length === 0) return due
  const countable = rows.filter((row) => row.at !== null && !isNeutral(row, ctx.me)).map((row) => row.at!)
  const stops = stopsOfPosition(rows, await holesOf(tx, conversation.id), ctx.transport.capabilities.dense, (rows.at(-1)?.time ?? 0) - LATE_MS)
  const gaps = [...(await tx.gaps.list(conversation.id)), ...stops]
  const me = (await tx.members.list(conversation.id)).find(({ userId }) => userId === ctx.me)
  const upTo = publishPrefix(due, {
    countable,
    knownFrom: rows.length < REPORTED_ROWS ? null : (rows[0]?.at ?? null),
    joinedAt: me?.intervals.at(-1)?.joinedAt ?? null,
    gaps,
    publishFloor: own.publishFloor,
  })
  return upTo === null ? null : progressUpTo(upTo)
}

function reported(row: Message, ctx: SyncContext, own: OwnState, entry: OutboxReport, told: Progress): ReportedMessage[] {
  const [id] = row.ids
  if (row.at === null || id === undefined || !isCountable(row, ctx.me)) return []
  if (!coversPoint(told, row.at) || coversPoint(own.acked[entry.visibility][entry.kind], row.at)) return []
  return [{ id, at: row.at, localId: row.localId, from: row.from, ...(row.receiptRequested ? { receiptRequested: true } : {}) }]
}
