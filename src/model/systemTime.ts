/** The browser's own clock, randomness and visibility: what a page needs before it works on anything. Feature-checked as `systemPorts.ts`. */
import { outermostWindow } from './outermostWindow.js'
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
    const bytes = crypto.getRandomValues(new Uint8Array(16))
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  },
}

/** Without a document (Node, workers) nothing is visible, so nothing is read. @public */
export const systemVisibility: PageVisibility = visibilityOf(() => (typeof document === 'undefined' ? null : window))

/** Of another window, as one that a page opened and shows something in. */
export function visibilityOf(viewOf: () => Window | null): PageVisibility {
  return {
    isVisible: () => viewOf()?.document.visibilityState === 'visible',
    hasFocus() {
      const view = viewOf()
      return view !== null && outermostWindow(view).document.hasFocus()
    },
    subscribe(listener) {
      const own = viewOf()
      if (!own) return () => {}
      const end = new AbortController()
      for (const view of new Set([own, outermostWindow(own)])) for (const type of VISIBILITY_EVENTS) view.addEventListener(type, listener, end)
      return () => end.abort()
    },
  }
}

/** The first comes up from the document. */
const VISIBILITY_EVENTS = ['visibilitychange', 'focus', 'blur', 'pagehide', 'pageshow', 'freeze', 'resume']
