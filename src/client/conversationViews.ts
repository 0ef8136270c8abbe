/** One message source and one read-state source a conversation; its window is open while somebody listens. */
import type { Clock, ConversationId, MessageSource, SourceAnchor, Stop } from '../model/index.js'
import type { ReadStateSource } from '../receipts/index.js'
import { changed } from '../store/changed.js'
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

export interface ConversationViewsOptions extends Omit<ReadStateSourceOptions, 'id' | 'retain'> {
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
  /** Of how far messages got, also where no window is open: in the list of conversations. */
  const readers = new Map<ConversationId, number>()

  const open = async (id: ConversationId, anchor: SourceAnchor) => windows()?.open(id, anchor)
  const isShown = (id: ConversationId) => store.getState().windows.has(id)

  /** Counts who listens; what nobody listens to any more is closed some time after. */
  function hold(held: Map<ConversationId, number>, id: ConversationId): Stop {
    held.set(id, (held.get(id) ?? 0) + 1)
    let released = false
    return () => {
      if (released) return
      released = true
      const left = held.get(id)! - 1
      if (left > 0) held.set(id, left)
      else held.delete(id)
      clock.setTimer(() => closeUnheard(id), LINGER_MS)
    }
  }

  function closeUnheard(id: ConversationId): void {
    if (listeners.has(id)) return
    sources.delete(id)
    if (!readers.has(id)) readStates.delete(id)
    windows()?.close(id, readers.has(id))
  }

  function retain(id: ConversationId): Stop {
    if (isReady() && !isShown(id)) open(id, 'firstUnread').catch(onError)
    return hold(listeners, id)
  }

  const openReading = async (id: ConversationId) => {
    await windows()?.openReading(id)
    closeUnheard(id)
  }

  function retainReading(id: ConversationId): Stop {
    if (isReady() && !store.getState().readViews.has(id)) openReading(id).catch(onError)
    return hold(readers, id)
  }

  // A conversation that was opened before it was known is shown as soon as it is.
  const openKnown = (known: ReadonlyMap<ConversationId, unknown>) => {
    for (const [id, { status, loading }] of store.getState().windows) {
      if (status === 'unknown' && loading === 'none' && known.has(id) && isReady()) open(id, 'firstUnread').catch(onError)
    }
  }
  store.subscribe(changed(() => store.getState().conversations, openKnown))

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
      const source = readStates.get(id) ?? createReadStateSource({ ...options, id, retain: () => retainReading(id) })
      readStates.set(id, source)
      return source
    },
    openRetained() {
      for (const id of listeners.keys()) open(id, 'firstUnread').catch(onError)
      for (const id of readers.keys()) openReading(id).catch(onError)
    },
  }
}
