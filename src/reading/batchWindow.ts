import type { ReceiptPolicy } from '../receipts/index.js'

/** Reads that wait to be reported together. Times are monotonic milliseconds. @public */
export interface BatchWindow {
  readonly firstAt: number
  readonly lastAt: number
  readonly count: number
}

/** @public */
export type BatchPolicy = Pick<ReceiptPolicy, 'flushMs' | 'maxFlushMs' | 'maxBatch'>

/** The window after `count` more reads at `now`; null = it was empty. @public */
export function extendWindow(window: BatchWindow | null, now: number, count: number): BatchWindow {
  return { firstAt: window?.firstAt ?? now, lastAt: now, count: (window?.count ?? 0) + count }
}

/**
 * When the batch is due: `flushMs` after the last read, never later than `maxFlushMs` after the first, at once when it is full.
 * One read alone waits `flushMs`; a steady stream leaves every `maxFlushMs`.
 * @public
 */
export function flushDueAt({ firstAt, lastAt, count }: BatchWindow, policy: BatchPolicy): number {
  if (count >= policy.maxBatch) return lastAt
  return Math.min(lastAt + policy.flushMs, firstAt + policy.maxFlushMs)
}
