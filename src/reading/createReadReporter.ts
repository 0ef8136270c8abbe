import { systemClock, systemRandom, systemVisibility, type Random, type Stop } from '../model/index.js'
import { createReceiptPolicy, type ReceiptPolicy } from '../receipts/policy.js'
import { backoffMs } from '../model/backoff.js'
import { extendWindow, flushDueAt, type BatchWindow } from './batchWindow.js'
import { createDwellObserver } from './createDwellObserver.js'
import type { DwellObserver, DwellObserverOptions, DwellPolicy } from './dwellTypes.js'
import { canLeaveTogether, nextBatch } from './nextBatch.js'

/** Messages that were read, to be told to a back end. @public */
export interface ReadBatch {
  /** In the order in which they were read, those that were rejected behind the others; each at most once. */
  readonly messages: readonly { readonly id: string }[]
  /** How long ago the newest of them was read, milliseconds; grows while an attempt is repeated. */
  readonly ageMs: number
}

/** @public */
export interface ReadReporterOptions extends Omit<DwellObserverOptions, 'onRead' | 'policy'> {
  /**
   * Hands a batch to your back end. Rejecting keeps it queued: it is tried again with back-off, joined with what was read since, and
   * with half as many each time, so that one message which you never take keeps none of the others back.
   * `signal` aborts after 30 s without an answer; the batch then counts as rejected.
   */
  readonly report: (batch: ReadBatch, signal: AbortSignal) => Promise<void>
  /** Defaults: 800 ms dwell, half visible, focus required, nobody too idle, window 300–1000 ms, 250 messages a batch. */
  readonly policy?: Partial<DwellPolicy & Pick<ReceiptPolicy, 'flushMs' | 'maxFlushMs' | 'maxBatch'>>
  readonly random?: Pick<Random, 'next'>
}

/** @public */
export interface ReadReporter extends Omit<DwellObserver, 'dispose'> {
  /** Ids that were read and not accepted yet. */
  getQueued(): readonly string[]
  /** Reports what is queued at once, as far as a hidden page could; the rest as there is room. Resolves when each attempt has ended; what was rejected stays queued. */
  flush(): Promise<void>
  /** Stops observing and retrying. Queued reads are handed over one last time. Idempotent. */
  dispose(): void
}

/** No answer after this many milliseconds is a rejection; a report that never settles must not hold back the rest. */
const ATTEMPT_TIMEOUT_MS = 30_000

/**
 * Finds out what was read in any list and reports it in batches: held for a few hundred milliseconds, sent at once when the page is
 * hidden, tried again until accepted. Needs no client and no storage; what is queued lives as long as the page.
 * @throws ChatError `policy/invalid` for a policy under which nothing would be read, or everything
 * @public
 */
export function createReadReporter(options: ReadReporterOptions): ReadReporter {
  const { report, clock = systemClock, visibility = systemVisibility, random = systemRandom, ...rest } = options
  const policy = createReceiptPolicy(options.policy)
  const observer = createDwellObserver({ ...rest, clock, visibility, policy, onRead: (ids) => enqueue(ids) })
  /** What was not accepted yet: id → monotonic time of its reading; in order of reading. */
  const queue = new Map<string, number>()
  /** Of these. */
  const underWay = new Set<string>()
  const running = new Set<Promise<unknown>>()
  let waiting: BatchWindow | null = null
  let failures = 0
  let stopTimer: Stop | null = null
  let disposed = false
  const stopVisibility = visibility.subscribe(() => {
    if (!visibility.isVisible()) void flush()
  })

  const enqueue = (ids: readonly string[]): void => {
    if (disposed) return
    const now = clock.monotonic()
    for (const id of ids) queue.set(id, now)
    waiting = extendWindow(waiting, now, ids.length)
    if (!visibility.isVisible()) void flush()
    else if (!failures) schedule(flushDueAt(waiting, policy) - now)
  }
  const schedule = (delayMs: number): void => {
    stopTimer?.()
    stopTimer = clock.setTimer(() => void flush(failures), Math.max(0, delayMs))
  }
  const due = () => [...queue.keys()].filter((id) => !underWay.has(id))
  /**
   * Everything queued leaves, in batches. Those for which there is no room yet wait for it, and for the next flush where what they waited for was rejected.
   * What was rejected is tried with one batch, of half as many each time: a host may take all but one of them.
   */
  const flush = async (halvings = 0): Promise<void> => {
    stopTimer?.()
    stopTimer = null
    waiting = null
    for (let ids = due(); ids.length; ids = due()) {
      const batch = nextBatch(ids, policy.maxBatch >> halvings || 1)
      if (running.size && !canLeaveTogether([...underWay, ...batch])) {
        await Promise.race(running)
        if (failures && !disposed) break
      } else {
        const ended: Promise<unknown> = attempt(batch).then(() => running.delete(ended))
        running.add(ended)
        if (halvings) break
      }
    }
    await Promise.all(running)
  }
  const attempt = async (batch: readonly string[]): Promise<void> => {
    for (const id of batch) underWay.add(id)
    const newest = Math.max(...batch.map((id) => queue.get(id)!))
    const abort = new AbortController()
    let stopTimeout: Stop | undefined
    const isAccepted = await new Promise((resolve, reject) => {
      stopTimeout = clock.setTimer(() => reject(abort.abort()), ATTEMPT_TIMEOUT_MS)
      Promise.resolve(report({ messages: batch.map((id) => ({ id })), ageMs: clock.monotonic() - newest }, abort.signal)).then(resolve, reject)
    }).then(() => true, () => false)
    stopTimeout?.()
    // Nothing is tried again after its end.
    if (!isAccepted && disposed) return
    for (const id of batch) {
      const readAt = queue.get(id)!
      underWay.delete(id)
      // What was unread again, and read again meanwhile, is told again.
      if (isAccepted && readAt > newest) continue
      queue.delete(id)
      // Behind the others: what is always rejected keeps none of them waiting.
      if (!isAccepted) queue.set(id, readAt)
    }
    if (isAccepted) {
      failures = 0
      if (due().length && !stopTimer) schedule(policy.flushMs)
      // Where a retry is due already, it is of the same outage.
    } else if (!failures || !stopTimer) schedule(backoffMs(++failures, random.next()))
  }

  return {
    ...observer,
    getQueued: () => [...queue.keys()],
    flush: () => flush(),
    dispose() {
      if (disposed) return
      disposed = true
      stopVisibility()
      observer.dispose()
      void flush()
    },
  }
}
