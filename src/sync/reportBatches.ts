/** The `receipt` lane: reports leave in batches, the strongest kind of a conversation first, and wait for nobody. */
import type { ConversationId } from '../model/index.js'
import { extendWindow, flushDueAt, type BatchWindow } from '../reading/index.js'
import type { OutboxEntry, OutboxReport } from '../storage/index.js'
import type { createCallLimit } from './callLimit.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { REPORTS, type OutboxWaits } from './outboxWaits.js'
import { readReports } from './reportLanes.js'
import { runReport, type NamedAtMost, type PreparedReport } from './reporting.js'
import { createReportsUnderWay } from './reportsUnderWay.js'
import { asTransportError } from './sending.js'

export interface ReportBatches {
  /** A report was queued. */
  nudge(): void
  /** `count` reads were queued: they leave together with what follows within the batch window. */
  noteReads(count: number): void
  /** All that waits leaves. @param isLeaving - nothing waits for anything: the page may never come back */
  run(isLeaving?: boolean): void
}

interface ReportBatchesOptions {
  readonly waits: OutboxWaits
  readonly isRunning: () => boolean
  readonly withTimeout: ReturnType<typeof createCallLimit>
  readonly onChanged: (changes: Changes) => void
  readonly onTrouble: (cause: unknown) => void
}

export function createReportBatches(ctx: SyncContext, { waits, isRunning, withTimeout, onChanged, onTrouble }: ReportBatchesOptions): ReportBatches {
  /** Those that are being told, by number. */
  const reporting = new Map<number, OutboxReport>()
  const named: NamedAtMost = new Map()
  const sendReport = createReportsUnderWay(ctx.transport)
  /** Of reads. */
  let window: BatchWindow | null = null
  /** Of everything else. */
  let soon: BatchWindow | null = null
  /** Since when what was delivered waits for those who read, monotonic. */
  const putOffSince = new Map<ConversationId, number>()
  /** When reports last left, monotonic. */
  let ranAt = -Infinity

  async function drainReports(isLeaving: boolean): Promise<void> {
    window = null
    soon = null
    waits.end(BATCH)
    waits.end(SOON)
    await waits.readLanes()
    if (!isRunning() || waits.has(REPORTS)) return
    ranAt = ctx.ports.clock.monotonic()
    const isFree = (entry: OutboxEntry): entry is OutboxReport => entry.action === 'report' && !reporting.has(entry.seq) && !waits.has(`report ${entry.seq}`)
    const { lanes, prepared, held } = await ctx.storage.read((tx) => readReports(tx, ctx, isFree, waits.isHeld))
    for (const entry of held) if (waits.isHeld(entry)) waits.takeUp(`report ${entry.seq}`, entry, run)
    for (const [id, found] of lanes) {
      // Another look may have begun before this one ended.
      const entries = found.filter(({ seq }) => !reporting.has(seq))
      for (const entry of entries) reporting.set(entry.seq, entry)
      void drainInOrder(id, entries, prepared, isLeaving)
    }
  }

  /**
   * The strongest first: what was read need not be told as delivered. While somebody reads, what has only just come waits for the next batch, which will most
   * likely tell it as read; and where only my own devices are told of reading, it is told once they stop, and not beside each batch.
   */
  async function drainInOrder(id: ConversationId, ordered: readonly OutboxReport[], prepared: ReadonlyMap<OutboxReport, PreparedReport | null>, isLeaving: boolean): Promise<void> {
    // Also what is being told since an earlier look.
    const isReading = [...reporting.values()].some(({ conversationId, kind }) => conversationId === id && kind !== 'delivered')
    for (const entry of ordered) {
      if (entry.kind === 'delivered' && isReading && !isLeaving && mayPutOff(id)) putOff(entry)
      else await drainReport(entry, prepared.get(entry)).catch(onTrouble)
    }
  }

  /** Somebody may read on and on, and the authors wait. */
  function mayPutOff(id: ConversationId): boolean {
    const now = ctx.ports.clock.monotonic()
    const since = putOffSince.get(id) ?? now
    putOffSince.set(id, since)
    return now - since < LONGEST_PUT_OFF_MS
  }

  function putOff({ seq, conversationId: id }: OutboxReport): void {
    reporting.delete(seq)
    if (isRunning() && !waits.has(`delivered ${id}`)) waits.later(`delivered ${id}`, ctx.policy.maxFlushMs, runUnlessReading)
  }

  /** @param prepared - what there is to tell, as it was read just now; undefined: not read yet */
  async function drainReport(entry: OutboxReport, prepared: PreparedReport | null | undefined): Promise<void> {
    if (entry.kind === 'delivered') putOffSince.delete(entry.conversationId)
    try {
      // Which message of many a wire does not know it may say in many answers: each has its own time.
      onChanged(await withTimeout((signal, anew) => runReport(ctx, entry, (...said) => sendReport(...said).finally(anew), signal, named, prepared)))
      waits.succeeded(entry.seq)
    } catch (cause) {
      if (!isRunning()) return
      const error = asTransportError(cause)
      waits.pause(`report ${entry.seq}`, REPORTS, entry, error, run)
    } finally {
      reporting.delete(entry.seq)
    }
  }

  const run = (isLeaving = false) => void drainReports(isLeaving).catch(onTrouble)
  /** Reads that wait take the rest with them, and no later than they may. */
  const runUnlessReading = () => void (window === null && run())

  function nudge(): void {
    if (window !== null) return
    const now = ctx.ports.clock.monotonic()
    // The first goes at once; what follows closely goes together, as reads do.
    if (soon === null && now - ranAt >= ctx.policy.flushMs) return run()
    soon = extendWindow(soon, now, 1)
    waits.later(SOON, flushDueAt(soon, ctx.policy) - now, runUnlessReading)
  }

  /** What waits already waits no longer for what is read beside it; what has only just come might have come with it. */
  function waitingSince(now: number): BatchWindow | null {
    return soon && now - soon.firstAt > ctx.policy.flushMs / 2 ? { ...soon, count: 0 } : null
  }

  return {
    nudge,
    noteReads(count) {
      const now = ctx.ports.clock.monotonic()
      window = extendWindow(window ?? waitingSince(now), now, count)
      const wait = flushDueAt(window, ctx.policy) - now
      if (wait <= 0) run()
      else waits.later(BATCH, wait, run)
    },
    run,
  }
}

/** Longest that what was delivered waits for somebody who reads on, milliseconds. */
const LONGEST_PUT_OFF_MS = 60_000
/** Names of waits that are not for one conversation or one report; no conversation id can be mistaken for them. */
const BATCH = 'lane reports, batch'
const SOON = 'lane reports, soon'
export const BATCHES: readonly string[] = [BATCH, SOON]
