/** The browser's own clock, randomness, visibility, locks and channels. The only file of the core that touches globals; every access is feature-checked, so it also loads in plain Node. */
import type { Clock, Connectivity, Locks, PageVisibility, Ports, Random, TabChannel } from './ports.js'

/** @public */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(fn, delayMs) {
    const timer = setTimeout(fn, delayMs)
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
  hasFocus: () => typeof document !== 'undefined' && document.hasFocus(),
  subscribe(listener) {
    if (typeof document === 'undefined') return () => {}
    document.addEventListener('visibilitychange', listener)
    for (const type of VISIBILITY_EVENTS) window.addEventListener(type, listener)
    return () => {
      document.removeEventListener('visibilitychange', listener)
      for (const type of VISIBILITY_EVENTS) window.removeEventListener(type, listener)
    }
  },
}

const VISIBILITY_EVENTS = ['focus', 'blur', 'pagehide', 'pageshow', 'freeze', 'resume'] as const

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
    openChannel: openSystemChannel,
  }
}
