/** The browser's own clock, randomness, visibility, locks and channels. With `systemActivity.ts` the only file of the core that touches globals; every access is feature-checked, so it also loads in plain Node. */
import { outermostWindow } from './outermostWindow.js'
import type { Clock, Connectivity, Keepsakes, Locks, PageVisibility, Ports, Random, StorageEstimate, TabChannel } from './ports.js'

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
export const systemVisibility: PageVisibility = {
  isVisible: () => typeof document !== 'undefined' && document.visibilityState === 'visible',
  hasFocus: () => typeof document !== 'undefined' && outermostWindow().document.hasFocus(),
  subscribe(listener) {
    if (typeof document === 'undefined') return () => {}
    const end = new AbortController()
    for (const view of new Set([window, outermostWindow()])) for (const type of VISIBILITY_EVENTS) view.addEventListener(type, listener, end)
    return () => end.abort()
  },
}

/** The first comes up from the document. */
const VISIBILITY_EVENTS = ['visibilitychange', 'focus', 'blur', 'pagehide', 'pageshow', 'freeze', 'resume']

const systemConnectivity: Connectivity = {
  // Node 20 has a navigator without onLine; only an explicit false means offline.
  isOnline: () => typeof navigator === 'undefined' || navigator.onLine !== false,
  subscribe(listener) {
    if (typeof window === 'undefined') return () => {}
    window.addEventListener('online', listener)
    window.addEventListener('offline', listener)
    return () => {
      window.removeEventListener('online', listener)
      window.removeEventListener('offline', listener)
    }
  },
}

function systemLocks(): Locks | null {
  if (typeof navigator === 'undefined' || !navigator.locks) return null
  const { locks } = navigator
  return {
    async request(name, options, hold) {
      await locks.request(name, options, hold)
    },
  }
}

/** Reading the very word throws where site data is forbidden, and writing where there is no room. */
function systemKeepsakes(): Keepsakes | null {
  const attempt = <T>(fn: () => T): T | null => {
    try {
      return fn()
    } catch {
      return null
    }
  }
  const storage = attempt(() => (typeof window === 'undefined' ? null : window.localStorage))
  if (!storage) return null
  return {
    get: (key) => attempt(() => storage.getItem(key)),
    set: (key, value) => void attempt(() => storage.setItem(key, value)),
    remove: (key) => void attempt(() => storage.removeItem(key)),
  }
}

/** WebKitGTK has no navigator.storage, and an insecure page none either. */
async function estimateSystemStorage(): Promise<StorageEstimate | null> {
  const storage = typeof navigator === 'undefined' ? undefined : (navigator.storage as StorageManager | undefined)
  if (typeof storage?.estimate !== 'function') return null
  const { usage, quota } = await storage.estimate()
  if (usage === undefined || quota === undefined) return null
  return { usedBytes: usage, quotaBytes: quota, persisted: typeof storage.persisted === 'function' && (await storage.persisted()) }
}

function openSystemChannel(name: string): TabChannel | null {
  if (typeof BroadcastChannel === 'undefined') return null
  const channel = new BroadcastChannel(name)
  return {
    post: (message) => channel.postMessage(message),
    subscribe(listener) {
      const onMessage = (event: MessageEvent) => listener(event.data)
      channel.addEventListener('message', onMessage)
      return () => channel.removeEventListener('message', onMessage)
    },
    close: () => channel.close(),
  }
}

/** @public */
export function systemPorts(): Ports {
  return {
    clock: systemClock,
    random: systemRandom,
    visibility: systemVisibility,
    locks: systemLocks(),
    connectivity: systemConnectivity,
    keepsakes: systemKeepsakes(),
    estimateStorage: estimateSystemStorage,
    openChannel: openSystemChannel,
  }
}
