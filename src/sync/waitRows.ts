/**
 * Waits of the outbox as rows. A page that is loaded again and again would otherwise ask at every start a back end that has just said "not before a minute".
 * The wall clock may have been set meanwhile, so how long the wait was stands beside its end: nobody waits longer than that from now.
 */
import { LONGEST_ASKED_MS } from '../model/backoff.js'
import type { OutboxEntry, StorageTx } from '../storage/index.js'
import { BACKOFF_CAP_MS } from './backoff.js'
import type { SyncContext } from './context.js'

interface Wait {
  readonly notBefore: number
  /** How long it was, milliseconds. */
  readonly ms: number
}

/** Name of the meta row with the waits of whole lanes. */
const WAITS_KEY = 'waits'

/** How much longer an entry has to wait, milliseconds. */
export function remainingMs(entry: Pick<OutboxEntry, 'notBefore' | 'wait'>, now: number): number {
  return remaining({ notBefore: entry.notBefore, ms: entry.wait?.ms ?? BACKOFF_CAP_MS }, now)
}

/** Failed tries of an entry before its wait began. */
export function triesOf({ wait }: Pick<OutboxEntry, 'wait'>): number {
  return Number.isSafeInteger(wait?.tries) && wait!.tries > 0 ? wait!.tries : 0
}

/** Nothing is noted of an entry that has gone meanwhile. */
export async function noteWait(ctx: SyncContext, seq: number, ms: number, tries: number): Promise<void> {
  const notBefore = ctx.ports.clock.now() + ms
  await ctx.storage.write(async (tx) => {
    const stored = await tx.outbox.get(seq)
    if (stored && !stored.failed) await tx.outbox.put({ ...stored, notBefore, wait: { ms, tries } })
  })
}

/** The longest that was asked for holds: several answers may be under way. */
export async function noteLaneWait(ctx: SyncContext, lane: string, ms: number): Promise<void> {
  const now = ctx.ports.clock.now()
  const wait: Wait = { notBefore: now + ms, ms }
  await ctx.storage.write(async (tx) => {
    const waits = await laneWaits(tx)
    if (remaining(waits[lane], now) < ms) await tx.meta.put(WAITS_KEY, { ...waits, [lane]: wait })
  })
}

/** Which of these lanes have to wait longer, and how much, milliseconds. */
export async function readLaneWaits<Lane extends string>(ctx: SyncContext, lanes: readonly Lane[]): Promise<readonly (readonly [Lane, number])[]> {
  const now = ctx.ports.clock.now()
  const waits = await ctx.storage.read(laneWaits)
  return lanes.map((lane) => [lane, remaining(waits[lane], now)] as const).filter(([, ms]) => ms > 0)
}

async function laneWaits(tx: StorageTx): Promise<Readonly<Record<string, Partial<Wait> | undefined>>> {
  const row = await tx.meta.get<unknown>(WAITS_KEY)
  return typeof row === 'object' && row !== null ? (row as Record<string, Partial<Wait> | undefined>) : {}
}

/** A torn wait is none. */
function remaining(wait: Partial<Wait> | undefined, now: number): number {
  const { notBefore, ms } = wait ?? {}
  if (typeof notBefore !== 'number' || typeof ms !== 'number') return 0
  const left = Math.min(notBefore - now, ms, LONGEST_ASKED_MS)
  return left > 0 ? left : 0
}
