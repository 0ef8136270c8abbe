/** Loads the next page before the reader gets there: one at a time, and none again after a failure until the reader scrolls on. */
import type { MessageSnapshot, MessageSource } from '../model/index.js'

/** The next page is loaded when less than this many viewports are left. */
const LOAD_AHEAD_VIEWPORTS = 1.5

export interface ListEdges {
  /** Distances from the viewport to both ends, and its height, CSS pixels. */
  near(source: MessageSource, snapshot: MessageSnapshot, abovePx: number, belowPx: number, heightPx: number): void
  /** The reader scrolls: what failed may be tried again. */
  rest(): void
}

export function createListEdges(onLoaded: () => void, onError: (error: unknown) => void): ListEdges {
  let loading = false
  let tired = { older: false, newer: false }

  const load = async (side: 'older' | 'newer', source: MessageSource) => {
    loading = true
    const before = source.getSnapshot().messages
    try {
      await (side === 'older' ? source.loadOlder?.() : source.loadNewer?.())
      // A page without a message would be asked for again at once, and for ever.
      tired[side] = source.getSnapshot().messages === before
    } catch (error) {
      tired[side] = true
      onError(error)
    }
    loading = false
    onLoaded()
  }

  return {
    near(source, { loading: busy, status, hasOlder, hasNewer }, abovePx, belowPx, heightPx) {
      if (loading || busy !== 'none' || status !== 'ready' || heightPx === 0) return
      const aheadPx = heightPx * LOAD_AHEAD_VIEWPORTS
      if (hasOlder && abovePx < aheadPx && !tired.older && source.loadOlder !== undefined) void load('older', source)
      else if (hasNewer && belowPx < aheadPx && !tired.newer && source.loadNewer !== undefined) void load('newer', source)
    },
    rest() {
      tired = { older: false, newer: false }
    },
  }
}
