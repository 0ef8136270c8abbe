/** One message source and one read-state source a conversation; its window is open while somebody listens. */
import type { Clock, ConversationId, MessageSource, SourceAnchor, Stop } from '../model/index.js'
import type { ReadStateSource } from '../receipts/index.js'
import { createWindowSource } from '../store/messageSource.js'
import { createReadStateSource, type ReadStateSourceOptions } from '../store/readStateSource.js'
import type { WindowLoader } from '../sync/windowLoader.js'

/** A window stays this long after its last listener left: React remounts (StrictMode, a switch and back) find it as it was. Milliseconds. */
const LINGER_MS = 1_000

export interface ConversationViews {
  messages(id: ConversationId): MessageSource
  readStates(id: ConversationId): ReadStateSource
  /** The database can be read: loads what is being listened to. */
  openRetained(): void
}

export interface ConversationViewsOptions extends Omit<ReadStateSourceOptions, 'id'> {
  /** Null before the client was started. */
  windows(): WindowLoader | null
  readonly clock: Clock
  /** Whether the database can be read. */
  isReady(): boolean
  onError(cause: unknown): void
}

export function createConversationViews(options: ConversationViewsOptions): ConversationViews {
  const { store, windows, clock, isReady, onError } = options
  const sources = new Map<ConversationId, MessageSource>()
  const readStates = new Map<ConversationId, ReadStateSource>()
  const listeners = new Map<ConversationId, number>()

  const open = async (id: ConversationId, anchor: SourceAnchor) => windows()?.open(id, anchor)
  const isShown = (id: ConversationId) => store.getState().windows.has(id)

  function retain(id: ConversationId): Stop {
    listeners.set(id, (listeners.get(id) ?? 0) + 1)
    if (isReady() && !isShown(id)) open(id, 'firstUnread').catch(onError)
    let released = false
    return () => {
      if (released) return
      released = true
      listeners.set(id, listeners.get(id)! - 1)
      clock.setTimer(() => closeUnheard(id), LINGER_MS)
    }
  }

  function closeUnheard(id: ConversationId): void {
    if ((listeners.get(id) ?? 0) > 0) return
    listeners.delete(id)
    sources.delete(id)
    readStates.delete(id)
    windows()?.close(id)
  }

  // A conversation that was opened before it was known is shown as soon as it is.
  let known = store.getState().conversations
  store.subscribe(({ conversations, windows: shown }) => {
    if (conversations === known) return
    known = conversations
    for (const [id, { status, loading }] of shown) {
      if (status === 'unknown' && loading === 'none' && known.has(id) && isReady()) open(id, 'firstUnread').catch(onError)
    }
  })

  return {
    messages(id) {
      const source =
        sources.get(id) ??
        createWindowSource(store, id, {
          open: (anchor) => open(id, anchor),
          loadOlder: async () => windows()?.loadOlder(id),
          loadNewer: async () => windows()?.loadNewer(id),
          retain: () => retain(id),
        })
      sources.set(id, source)
      return source
    },
    readStates(id) {
      const source = readStates.get(id) ?? createReadStateSource({ ...options, id })
      readStates.set(id, source)
      return source
    },
    openRetained() {
      for (const [id, count] of listeners) if (count > 0) open(id, 'firstUnread').catch(onError)
    },
  }
}
