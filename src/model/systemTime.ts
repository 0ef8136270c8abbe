/** The browser's own clock, randomness and visibility: what a page needs before it works on anything. Feature-checked as `systemPorts.ts`. */
import { visibilityOf } from './pageVisibility.js'
import type { Clock, PageVisibility, Random } from './ports.js'

/** What 31 bits hold. */
const LONGEST_TIMER_MS = 2_147_483_647

/** @public */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(fn, delayMs) {
    // Longer ones fire at once.
    const timer = setTimeout(fn, Math.min(delayMs, LONGEST_TIMER_MS))
    return () => clearTimeout(timer)
  },
}

/** @public */
export const systemRandom: Random = {
  next: () => Math.random(),
  id() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
  },
}

/** Without a document (Node, workers) nothing is visible, so nothing is read. @public */
export const systemVisibility: PageVisibility = visibilityOf(() => (typeof document === 'undefined' ? null : window))
