/** The browser's own locks, channels, network and room. With `systemTime.ts` and `systemActivity.ts` the only file of the core that touches globals; every access is feature-checked, so it also loads in plain Node. */
import type { Connectivity, Keepsakes, Locks, Ports, StorageEstimate, TabChannel } from './ports.js'
import { systemClock, systemRandom, systemVisibility } from './systemTime.js'

const systemConnectivity: Connectivity = {
  // Node 20 has a navigator without onLine; only an explicit false means offline.
  isOnline: () => globalThis.navigator?.onLine !== false,
  subscribe(listener) {
    if (typeof window === 'undefined') return () => {}
    const end = new AbortController()
    for (const type of ['online', 'offline']) window.addEventListener(type, listener, end)
    return () => end.abort()
  },
}

function systemLocks(): Locks | null {
  const locks = globalThis.navigator?.locks
  return locks ? { request: async (name, options, hold) => await locks.request(name, options, hold) } : null
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
  const storage = globalThis.navigator?.storage as StorageManager | undefined
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
