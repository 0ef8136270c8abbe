/**
 * Everything the wire tells, into storage and onto the screen. Events queue up while a transaction runs, and the next one takes all of them:
 * a flood of receipts is a few joins, a few writes and a few commits, however many events it came in.
 */
import type { Stop } from '../model/index.js'
import type { StorageTx } from '../storage/index.js'
import type { IncomingMessage, TransportEvent } from '../transport/index.js'
import type { Changes } from './changes.js'
import type { SyncContext } from './context.js'
import { receiptsAhead, withoutStored } from './inboundOrder.js'
import { cleanReceipt } from './receiptShape.js'
import { createShowAhead, type ReceiptEvent } from './showAhead.js'
import { createMemory, storeBatch, storeFetched, type Memory } from './storeEvents.js'

/** After a failed transaction the next try waits this long at first, then twice as long each time, milliseconds. */
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 10_000
/** Receipts that follow each other closely are stored together, at most once in this time, milliseconds. A transaction costs as much for one as for many; more would be seen as a delay. */
const RECEIPTS_PACE_MS = 80
/** The same where the screen shows them already, and the wire tells them again should this device fall before: no cursor behind them is stored earlier. */
const SHOWN_PACE_MS = 500
/** Events that may wait while the database is in trouble. Beyond, they are let go and asked for again. */
const MAX_WAITING = 20_000

export interface Inbound {
  /** Of what is kept; the rest is `ephemeral.ts`. `state`: a connection begins or ends, and something is missed between the two. */
  handle(event: TransportEvent): void
  /** A new connection begins: from its cursor on everything comes again. */
  listen(): void
  /** Stores messages that were asked for (history), in a transaction of their own. */
  store(messages: readonly IncomingMessage[], within?: (tx: StorageTx, changes: Changes) => Promise<void>): Promise<void>
  /** Stores now what waits for more: the page is being hidden, and may not come back. */
  flush(): void
  /** Resolves when everything handed over so far is stored. */
  idle(): Promise<void>
  /** Takes nothing more. Of what waits, the receipts that are on screen are stored: `idle` says when. */
  stop(): void
}

/** Most events of one transaction: keeps it short, and the screen live, in a long catch-up. */
const BATCH_EVENTS = 1_000
/** Fewer where they take longer than this, milliseconds: a receipt waits for the transaction that runs. */
const BATCH_MS = 60
const FEWEST_EVENTS = 100

/** @param onLost - more waited than is kept: everything after the last cursor has to come again */
export function createInbound(ctx: SyncContext, onStored: (changes: Changes) => void, onLost: () => void, memory: Memory = createMemory()): Inbound {
  let queue: TransportEvent[] = []
  let running: Promise<void> | null = null
  let stopped = false
  /** How often everything that waited was let go. */
  let losses = 0
  /** Something was let go: what this connection tells now may be a cursor that covers it. */
  let deaf = false
  let wake: Stop = () => {}
  /** Something waits that is no receipt, or somebody waits for all of it. */
  let urgent = false
  /** Some waiting receipt is not shown before it is stored, or would not be told again. */
  let unshown = false
  let resting = false
  let receiptsStoredAt = Number.NEGATIVE_INFINITY
  const ahead = createShowAhead(ctx)
  let batchSize = BATCH_EVENTS
  let overtook = false

  /** The first receipt is stored at once, those that follow it together. */
  const restMs = () => (urgent ? 0 : receiptsStoredAt + (unshown ? RECEIPTS_PACE_MS : SHOWN_PACE_MS) - ctx.ports.clock.monotonic())

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
    for (let pauseMs = FIRST_PAUSE_MS; queue.length > 0; ) {
      const leftMs = restMs()
      if (leftMs > 0) {
        await rest(leftMs)
        continue
      }
      const taken = losses
      const batch = nextBatch()
      const beganAt = ctx.ports.clock.monotonic()
      if (batch[0]!.type === 'state') memory.unasked.begin(batch[0]!)
      if (await storeBatch(ctx, memory, batch, onStored)) {
        if (batch.length >= batchSize) batchSize = sizeFor(batch.length, ctx.ports.clock.monotonic() - beganAt)
        if (taken === losses) queue = withoutStored(queue, batch)
        ahead.forget(batch)
        pauseMs = FIRST_PAUSE_MS
        if (!urgent) receiptsStoredAt = ctx.ports.clock.monotonic()
        if (queue.length === 0) urgent = unshown = false
      } else if (stopped) {
        queue = []
      } else {
        await pause(pauseMs)
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
      }
    }
  }

  /** Of a flood of messages, a part; between two of them the receipts that wait behind it for nothing. */
  function nextBatch(): readonly TransportEvent[] {
    const first = overtook || queue.length <= batchSize ? [] : receiptsAhead(queue)
    overtook = first.length > 0
    if (overtook) return first.slice(0, BATCH_EVENTS)
    // What was before a connection is stored before it is noted what was missed.
    const next = queue.findIndex(({ type }, i) => i > 0 && type === 'state')
    return queue.slice(0, next < 0 ? batchSize : Math.min(next, batchSize))
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

  function takeReceipt(event: ReceiptEvent): void {
    queue.push(event)
    // Told once, it would be shown and gone where it cannot be stored any more.
    if (ctx.transport.capabilities.receiptsCatchUp !== 'none' && ahead.note(event)) return
    if (!unshown && resting) wake()
    unshown = true
  }

  function lose(): void {
    ahead.forget(queue)
    queue = []
    losses += 1
    memory.hasLost = true
    deaf = true
    ctx.onDropped('inbound/tooMany')
    onLost()
  }

  return {
    handle(event) {
      if (stopped || deaf) return
      if (event.type === 'receipt') {
        const receipt = cleanReceipt(event)
        if (receipt === null) return ctx.onDropped('receipt/malformed')
        takeReceipt({ type: 'receipt', ...receipt })
      } else {
        queue.push(event)
        if (event.type === 'state') memory.unasked.announce(event)
        // A cursor goes with what came before it.
        if (event.type !== 'cursor') hurry()
      }
      if (queue.length > MAX_WAITING) lose()
      else kick()
    },
    listen() {
      deaf = false
    },
    async store(messages, within) {
      await storeFetched(ctx, memory, messages, onStored, { within })
    },
    flush() {
      if (queue.length > 0) hurry()
    },
    async idle() {
      while (running) {
        hurry()
        await running
      }
    },
    stop() {
      stopped = true
      ahead.stop()
      const end = queue.findIndex(({ type }) => type !== 'receipt' && type !== 'cursor')
      if (end >= 0) queue = queue.slice(0, end)
      hurry()
      wake()
    },
  }
}

function sizeFor(events: number, tookMs: number): number {
  return Math.min(BATCH_EVENTS, Math.max(FEWEST_EVENTS, Math.round((events * BATCH_MS) / Math.max(1, tookMs))))
}
