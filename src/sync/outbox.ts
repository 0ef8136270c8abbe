/**
 * Drains the outbox while this tab leads and the wire is online. `intent` goes first in, first out in each conversation, one at a time;
 * a failing head stops only its own conversation. Reports leave in batches and wait for nobody.
 *
 * One at a time, though it costs an answer's time each: with several under way, one that the back end could not take for a moment would be overtaken by those
 * behind it, and no wire here promises to refuse these then. Conversations do not wait for each other.
 */
import type { Attachment, ConversationId, LocalId } from '../model/index.js'
import { extendWindow, flushDueAt, type BatchWindow } from '../reading/index.js'
import type { OutboxAction, OutboxEntry, OutboxReport, OutboxSend } from '../storage/index.js'
import { TransportError } from '../transport/index.js'
import { backoffMs } from './backoff.js'
import { createCallLimit } from './callLimit.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { createOutboxWaits, INTENTS, REPORTS } from './outboxWaits.js'
import { readReports } from './reportLanes.js'
import { runReport, type PreparedReport } from './reporting.js'
import { createReportsUnderWay } from './reportsUnderWay.js'
import { asTransportError, runAction, runSend, type Outcome, type SendOptions } from './sending.js'
import { runUpload } from './uploading.js'

export interface Outbox {
  /** Something was queued. @param within - the conversations where it was, if known: a long outbox is not looked through for it */
  nudge(within?: ReadonlySet<ConversationId>): void
  /** A report was queued, and nothing else. */
  nudgeReports(): void
  /** The connection is there again: what waited only because it was gone is tried at once. */
  resume(): void
  /** `count` reads were queued: they leave together with what follows within the batch window. */
  noteReads(count: number): void
  /** A message was taken back: its upload ends, and what waited behind it goes on with the next nudge. */
  cancel(localId: LocalId): void
  /** Reports leave now: the page is being hidden. */
  flush(): void
  stop(): void
}

export interface OutboxOptions extends SendOptions {
  /** Whether this tab may send now. */
  canSend(): boolean
  /** Sees that the back end knows of a conversation before something is sent in it. Returns what is in the way. */
  introduce(id: ConversationId): Promise<TransportError | null>
  onChanged(changes: Changes): void
}

export function createOutbox(ctx: SyncContext, { canSend, introduce, onChanged, ...sendOptions }: OutboxOptions): Outbox {
  const busy = new Set<ConversationId>()
  /** Busy ones in which something was queued meanwhile. */
  const again = new Set<ConversationId>()
  /** Those that are being told, by number. */
  const reporting = new Map<number, OutboxReport>()
  const abort = new AbortController()
  const sendReport = createReportsUnderWay(ctx.transport)
  const withTimeout = createCallLimit(ctx.ports.clock, abort.signal)
  const uploads = new Map<LocalId, AbortController>()
  const unnoted = new Map<LocalId, Attachment>()
  /** The message of a conversation that was tried last, and may keep those behind it waiting. */
  const stuck = new Map<ConversationId, LocalId>()
  /** Of reads. */
  let window: BatchWindow | null = null
  /** Of everything else. */
  let soon: BatchWindow | null = null
  /** Since when what was delivered waits for those who read, monotonic. */
  const putOffSince = new Map<ConversationId, number>()
  /** When reports last left, monotonic. */
  let ranAt = -Infinity
  let looking: Promise<void> | null = null
  let lookAgain = false

  const isRunning = () => !abort.signal.aborted && canSend()
  const waits = createOutboxWaits(ctx, { [INTENTS]: () => drainIntents(), [REPORTS]: () => runReports() }, reportStorageTrouble)

  /** One look at a time; who asks meanwhile is covered by one more. */
  function drainIntents(): void {
    if (looking) {
      lookAgain = true
      return
    }
    looking = lookForIntents().catch(reportStorageTrouble).finally(() => {
      looking = null
      if (!lookAgain) return
      lookAgain = false
      drainIntents()
    })
  }

  async function lookForIntents(): Promise<void> {
    await waits.readLanes()
    if (!isRunning() || waits.has(INTENTS)) return
    const entries = await ctx.storage.read((tx) => tx.outbox.list({ lane: 'intent' }))
    const conversations = new Set(entries.filter(({ failed }) => !failed).map(({ conversationId }) => conversationId))
    for (const id of conversations) drainNamed(id)
  }

  function drainNamed(id: ConversationId): void {
    if (!isRunning() || waits.has(INTENTS) || waits.has(`to ${id}`)) return
    if (busy.has(id)) again.add(id)
    else void drainConversation(id)
  }

  async function drainConversation(id: ConversationId): Promise<void> {
    busy.add(id)
    try {
      await waits.readLanes()
      while (isRunning() && !waits.has(INTENTS) && (await drainOnce(id))) {
        // What was queued meanwhile is drained in the next round.
      }
    } catch (cause) {
      reportStorageTrouble(cause)
      waits.later(`to ${id}`, backoffMs(6, ctx.ports.random.next()), drainIntents)
    } finally {
      busy.delete(id)
      if (again.delete(id)) drainNamed(id)
    }
  }

  /** Sends what is queued for one conversation now. Returns whether something was sent, so that there may be more. */
  async function drainOnce(id: ConversationId): Promise<boolean> {
    const entries = await ctx.storage.read((tx) => tx.outbox.list({ conversationId: id, lane: 'intent' }))
    let sent = false
    for (const entry of entries) {
      if (entry.failed || entry.lane !== 'intent') continue
      if (!isRunning() || waits.has(INTENTS)) return false
      if (entry.action === 'send') stuck.set(id, entry.localId)
      else stuck.delete(id)
      if (waits.isHeld(entry)) {
        waits.takeUp(`to ${id}`, entry, drainIntents)
        return false
      }
      const outcome = await runIntent(entry)
      if (!outcome.done) {
        waits.pause(`to ${id}`, INTENTS, entry, outcome.error, drainIntents)
        return false
      }
      waits.succeeded(entry.seq)
      onChanged(outcome.changes)
      sent = true
    }
    return sent
  }

  /** As long as it takes: a large file on a slow line is no failure. */
  async function upload(entry: OutboxSend): Promise<Outcome | null> {
    const own = new AbortController()
    const giveUp = () => own.abort()
    abort.signal.addEventListener('abort', giveUp)
    uploads.set(entry.localId, own)
    try {
      return await runUpload(ctx, entry, own.signal, unnoted)
    } finally {
      uploads.delete(entry.localId)
      abort.signal.removeEventListener('abort', giveUp)
    }
  }

  async function runIntent(entry: OutboxSend | OutboxAction): Promise<Outcome> {
    if (entry.action !== 'send') return runAction(ctx, entry, (call) => withTimeout(call))
    const inTheWay = await introduce(entry.conversationId)
    if (inTheWay) return { done: false, error: inTheWay }
    const uploaded = await upload(entry)
    if (uploaded?.done === false) return uploaded
    if (uploaded) onChanged(uploaded.changes)
    // Failed, or taken back while its file was on its way.
    const current = uploaded ? await ctx.storage.read((tx) => tx.outbox.get(entry.seq)) : entry
    // An upload that did not hear of the end of it all may have ended long after.
    return current && !current.failed && isRunning() ? send(entry) : { done: true, changes: createChanges() }
  }

  /** What is answered after it was given up is stored all the same, and shown: nothing else may ever be told of it. */
  async function send(entry: OutboxSend): Promise<Outcome> {
    let isLate = false
    const run = async (signal: AbortSignal) => {
      const outcome = await runSend(ctx, entry, signal, sendOptions)
      if (isLate && outcome.done) onChanged(outcome.changes)
      return outcome
    }
    return withTimeout(run).catch((cause: unknown) => {
      isLate = true
      return orLate(cause)
    })
  }

  /** @param isLeaving - nothing waits for anything: the page may never come back */
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
    for (const entry of held) if (waits.isHeld(entry)) waits.takeUp(`report ${entry.seq}`, entry, runReports)
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
      else await drainReport(entry, prepared.get(entry)).catch(reportStorageTrouble)
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
      onChanged(await withTimeout((signal) => runReport(ctx, entry, sendReport, signal, prepared)))
      waits.succeeded(entry.seq)
    } catch (cause) {
      if (!isRunning()) return
      const error = asTransportError(cause)
      waits.pause(`report ${entry.seq}`, REPORTS, entry, error, runReports)
    } finally {
      reporting.delete(entry.seq)
    }
  }

  function reportStorageTrouble(cause: unknown): void {
    if (!abort.signal.aborted) ctx.onDropped(`outbox/${cause instanceof Error ? cause.name : 'unknown'}`)
  }

  const runReports = (isLeaving = false) => void drainReports(isLeaving).catch(reportStorageTrouble)
  /** Reads that wait take the rest with them, and no later than they may. */
  const runUnlessReading = () => void (window === null && runReports())

  function nudge(within?: ReadonlySet<ConversationId>): void {
    if (within && within.size > 0 && within.size <= MOST_NAMED) within.forEach(drainNamed)
    else drainIntents()
    nudgeReports()
  }

  function nudgeReports(): void {
    if (window !== null) return
    const now = ctx.ports.clock.monotonic()
    // The first goes at once; what follows closely goes together, as reads do.
    if (soon === null && now - ranAt >= ctx.policy.flushMs) return runReports()
    soon = extendWindow(soon, now, 1)
    waits.later(SOON, flushDueAt(soon, ctx.policy) - now, runUnlessReading)
  }

  /** What waits already waits no longer for what is read beside it; what has only just come might have come with it. */
  function waitingSince(now: number): BatchWindow | null {
    return soon && now - soon.firstAt > ctx.policy.flushMs / 2 ? { ...soon, count: 0 } : null
  }

  return {
    nudge,
    nudgeReports,
    resume() {
      waits.resume([BATCH, SOON])
      nudge()
    },
    noteReads(count) {
      const now = ctx.ports.clock.monotonic()
      window = extendWindow(window ?? waitingSince(now), now, count)
      const wait = flushDueAt(window, ctx.policy) - now
      if (wait <= 0) runReports()
      else waits.later(BATCH, wait, runReports)
    },
    cancel(localId) {
      uploads.get(localId)?.abort()
      unnoted.delete(localId)
      // What it waited for nobody behind it has to.
      for (const [id, head] of stuck) if (head === localId) waits.end(`to ${id}`)
    },
    flush: () => runReports(true),
    stop() {
      abort.abort()
      waits.stop()
    },
  }
}

/** Longest that what was delivered waits for somebody who reads on, milliseconds. */
const LONGEST_PUT_OFF_MS = 60_000
/** More conversations than this are looked for in one go. */
const MOST_NAMED = 4
/** Names of waits that are not for one conversation or one report; no conversation id can be mistaken for them. */
const BATCH = 'lane reports, batch'
const SOON = 'lane reports, soon'

/** What came too late is to be tried again; anything else went wrong elsewhere. */
function orLate(cause: unknown): Outcome {
  if (cause instanceof TransportError) return { done: false, error: cause }
  throw cause
}
