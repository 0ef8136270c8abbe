/** What the outbox waits for, by name: a timer each, begun here or found in the rows, where another page has left it. */
import { askedMs } from '../model/backoff.js'
import type { Stop } from '../model/index.js'
import type { OutboxEntry } from '../storage/index.js'
import type { TransportError } from '../transport/index.js'
import { backoffMs } from './backoff.js'
import type { SyncContext } from './context.js'
import { noteLaneWait, noteWait, readLaneWaits, remainingMs, triesOf } from './waitRows.js'

/** Names of the waits of whole lanes; no conversation id can be mistaken for them. */
export const INTENTS = 'lane intents'
export const REPORTS = 'lane reports'

export interface OutboxWaits {
  has(name: string): boolean
  later(name: string, ms: number, fn: () => void): void
  end(name: string): void
  /** Waits after a failure. A wire that limits its rate is left alone by the whole lane, else only by the one that failed. */
  pause(own: string, lane: typeof INTENTS | typeof REPORTS, entry: OutboxEntry, error: TransportError, fn: () => void): void
  /** Whether a wait of this entry that was begun elsewhere is not over yet, and not taken up here. Changes nothing. */
  isHeld(entry: OutboxEntry): boolean
  /** Goes on with such a wait; `fn` when it is over. */
  takeUp(name: string, entry: OutboxEntry, fn: () => void): void
  /** Afterwards lanes wait that were to wait when another page led. */
  readLanes(): Promise<void>
  /** The entry has gone out. */
  succeeded(seq: number): void
  /** Ends what nobody asked for: a new connection says nothing of a wait that the back end asked for, or that was begun elsewhere. */
  resume(but: readonly string[]): void
  stop(): void
}

export function createOutboxWaits(ctx: SyncContext, onLane: { readonly [INTENTS]: () => void; readonly [REPORTS]: () => void }, onTrouble: (cause: unknown) => void): OutboxWaits {
  const waiting = new Map<string, { readonly stop: Stop; readonly endsAt: number }>()
  /** Those that a new connection does not end, and no other answer makes shorter. */
  const asked = new Set<string>()
  const attempts = new Map<number, number>()
  /** Entries that were tried, or waited for, here: their rows say nothing new. */
  const ours = new Set<number>()
  let lanesRead: Promise<void> | null = null

  function later(name: string, ms: number, fn: () => void): void {
    const endsAt = ctx.ports.clock.monotonic() + ms
    const before = waiting.get(name)
    if (before && asked.has(name) && before.endsAt >= endsAt) return
    before?.stop()
    const stop = ctx.ports.clock.setTimer(() => {
      drop(name)
      fn()
    }, ms)
    waiting.set(name, { stop, endsAt })
  }

  function drop(name: string): void {
    waiting.get(name)?.stop()
    waiting.delete(name)
    asked.delete(name)
  }

  function hold(name: string, ms: number, fn: () => void): void {
    later(name, ms, fn)
    asked.add(name)
  }

  const leftMs = (entry: OutboxEntry) => (ours.has(entry.seq) ? 0 : remainingMs(entry, ctx.ports.clock.now()))

  /** Only tries that reached the network count, so being offline burns none. */
  function countTry(entry: OutboxEntry): number {
    const tries = (attempts.get(entry.seq) ?? (ours.has(entry.seq) ? 0 : triesOf(entry))) + 1
    attempts.set(entry.seq, tries)
    ours.add(entry.seq)
    return tries
  }

  return {
    has: (name) => waiting.has(name),
    later,
    end: drop,
    pause(own, lane, entry, { code, retry }, fn) {
      const isLimited = code === 'transport/rateLimited'
      const isAsked = isLimited || typeof retry === 'object'
      const tries = countTry(entry)
      const ms = Math.max(askedMs(retry), backoffMs(tries, ctx.ports.random.next()))
      ;(isAsked ? hold : later)(isLimited ? lane : own, ms, fn)
      if (isLimited) noteLaneWait(ctx, lane, ms).catch(onTrouble)
      // That there was no line says nothing of the next one.
      else if (!NO_LINE.has(code)) noteWait(ctx, entry.seq, ms, tries).catch(onTrouble)
    },
    isHeld: (entry) => leftMs(entry) > 0,
    takeUp(name, entry, fn) {
      hold(name, leftMs(entry), fn)
      // Waited for once: by a clock that was set back it would never be over.
      ours.add(entry.seq)
      attempts.set(entry.seq, triesOf(entry))
    },
    readLanes() {
      lanesRead ??= readLaneWaits(ctx, [INTENTS, REPORTS]).then(
        (found) => found.forEach(([lane, ms]) => hold(lane, ms, onLane[lane])),
        (cause: unknown) => {
          lanesRead = null
          throw cause
        },
      )
      return lanesRead
    },
    succeeded(seq) {
      attempts.delete(seq)
      ours.delete(seq)
    },
    resume(but) {
      for (const name of [...waiting.keys()]) if (!but.includes(name) && !asked.has(name)) drop(name)
      attempts.clear()
    },
    stop() {
      for (const { stop } of waiting.values()) stop()
      waiting.clear()
    },
  }
}

const NO_LINE: ReadonlySet<string> = new Set(['transport/offline', 'transport/aborted'])
