/** Reports under way are no more in sum than a page that is left can hand over: beyond that the browser would carry none of them. Those that do not fit leave when others were answered. */
import type { Report, Transport } from '../transport/index.js'
import { MOST_UNDER_WAY, sizeOf } from './reportSize.js'

/** @param renew - what there is to tell by now, for one that had to wait; null: nothing any more, or nobody to be told */
export type SendReport = (report: Report, signal: AbortSignal, renew: () => Promise<Report | null>) => Promise<void>

export function createReportsUnderWay(transport: Pick<Transport, 'report'>): SendReport {
  let underWay = 0
  let waiting: (() => void)[] = []

  function wakeAll(): void {
    const woken = waiting
    waiting = []
    for (const wake of woken) wake()
  }

  return async (first, signal, renew) => {
    let report: Report | null = first
    let size = sizeOf(report)
    // One alone leaves however large it is.
    while (underWay > 0 && underWay + size > MOST_UNDER_WAY) {
      await new Promise<void>((resolve) => waiting.push(resolve))
      signal.throwIfAborted()
      // Receipts may have been switched off meanwhile.
      report = await renew()
      if (report === null) return
      size = sizeOf(report)
    }
    signal.throwIfAborted()
    underWay += size
    let isOver = false
    const end = () => {
      if (isOver) return
      isOver = true
      signal.removeEventListener('abort', end)
      underWay -= size
      wakeAll()
    }
    // Nobody waits any more for a call that was given up.
    signal.addEventListener('abort', end)
    try {
      await transport.report(report, signal)
    } finally {
      end()
    }
  }
}
