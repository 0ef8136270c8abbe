/**
 * Drains the outbox while this tab leads and the wire is online. `intent` goes first in, first out in each conversation, one at a time;
 * a failing head stops only its own conversation. Reports leave in batches and wait for nobody.
 *
 * One at a time, though it costs an answer's time each: with several under way, one that the back end could not take for a moment would be overtaken by those
 * behind it, and no wire here promises to refuse these then. Conversations do not wait for each other.
 */
import type { Attachment, ConversationId, LocalId } from '../model/index.js'
import type { OutboxAction, OutboxSend } from '../storage/index.js'
import { TransportError } from '../transport/index.js'
import { backoffMs } from './backoff.js'
import { createCallLimit } from './callLimit.js'
import { createChanges, type Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { createOutboxWaits, INTENTS, REPORTS } from './outboxWaits.js'
import { BATCHES, createReportBatches } from './reportBatches.js'
import { runAction, runSend, type Outcome, type SendOptions } from './sending.js'
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
  const abort = new AbortController()
  const withTimeout = createCallLimit(ctx.ports.clock, abort.signal)
  const uploads = new Map<LocalId, AbortController>()
  const unnoted = new Map<LocalId, Attachment>()
  /** What of a conversation was tried last, and may keep what is behind it waiting. */
  const stuck = new Map<ConversationId, OutboxSend | OutboxAction>()
  let looking: Promise<void> | null = null
  let lookAgain = false

  const isRunning = () => !abort.signal.aborted && canSend()
  const waits = createOutboxWaits(ctx, { [INTENTS]: () => drainIntents(), [REPORTS]: () => reports.run() }, reportStorageTrouble)
  const reports = createReportBatches(ctx, { waits, isRunning, withTimeout, onChanged, onTrouble: reportStorageTrouble })

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
    if (!isRunning() || waits.has(INTENTS)) return
    if (waits.has(`to ${id}`)) return void endForGone(id).catch(reportStorageTrouble)
    if (busy.has(id)) again.add(id)
    else void drainConversation(id)
  }

  /** What was taken back in a tab of which no news came, or whose message was deleted for good: what it waited for nobody behind it has to. */
  async function endForGone(id: ConversationId): Promise<void> {
    const head = stuck.get(id)
    if (!head || (await ctx.storage.read((tx) => tx.outbox.get(head.seq))) || stuck.get(id) !== head) return
    stuck.delete(id)
    waits.end(`to ${id}`)
    drainNamed(id)
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
      stuck.set(id, entry)
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

  function reportStorageTrouble(cause: unknown): void {
    if (!abort.signal.aborted) ctx.onDropped(`outbox/${cause instanceof Error ? cause.name : 'unknown'}`)
  }

  function nudge(within?: ReadonlySet<ConversationId>): void {
    if (within && within.size > 0 && within.size <= MOST_NAMED) within.forEach(drainNamed)
    else drainIntents()
    reports.nudge()
  }

  return {
    nudge,
    nudgeReports: reports.nudge,
    resume() {
      waits.resume(BATCHES)
      nudge()
    },
    noteReads: reports.noteReads,
    cancel(localId) {
      uploads.get(localId)?.abort()
      unnoted.delete(localId)
      // What it waited for nobody behind it has to.
      for (const [id, head] of stuck) if (head.action === 'send' && head.localId === localId) waits.end(`to ${id}`)
    },
    flush: () => reports.run(true),
    stop() {
      abort.abort()
      waits.stop()
    },
  }
}

/** More conversations than this are looked for in one go. */
const MOST_NAMED = 4

/** What came too late is to be tried again; anything else went wrong elsewhere. */
function orLate(cause: unknown): Outcome {
  if (cause instanceof TransportError) return { done: false, error: cause }
  throw cause
}
