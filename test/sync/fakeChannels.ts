import type { TabChannel } from 'readback/core'

/** Channels of several tabs in one page: what one posts, the others hear a moment later, as copies. */
export function fakeChannels(): { open(): TabChannel } {
  const tabs = new Set<Set<(message: unknown) => void>>()
  return {
    open() {
      const own = new Set<(message: unknown) => void>()
      tabs.add(own)
      return {
        post(message) {
          const copy = structuredClone(message)
          for (const tab of tabs) if (tab !== own) queueMicrotask(() => tab.forEach((listener) => listener(copy)))
        },
        subscribe(listener) {
          own.add(listener)
          return () => void own.delete(listener)
        },
        close: () => void tabs.delete(own),
      }
    },
  }
}
