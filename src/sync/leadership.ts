/** One tab of an account leads: it holds the wire and drains the outbox. The others queue, and wait for its lock. */
import type { Locks, Stop } from '../model/index.js'

export interface Leadership {
  isLeading(): boolean
  /** Gives the lead up. */
  stop(): void
}

/**
 * Leads as soon as the lock is free. Without locks every tab leads: the wire knows a repeated local id, so nothing is sent twice, only more is said.
 *
 * @param onLead - told once when this tab leads
 */
export function takeLead(locks: Locks | null, name: string, onLead: () => void): Leadership {
  let leading = false
  let release: Stop = () => {}
  const giveUp = new AbortController()
  const lead = () => {
    if (giveUp.signal.aborted) return
    leading = true
    onLead()
  }
  if (locks === null) queueMicrotask(lead)
  else {
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    locks
      .request(name, { signal: giveUp.signal }, () => {
        lead()
        return held
      })
      // Waiting was given up, or another tab took the lock by force.
      .catch(() => {
        leading = false
      })
  }
  return {
    isLeading: () => leading,
    stop() {
      leading = false
      giveUp.abort()
      release()
    },
  }
}
