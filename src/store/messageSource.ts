import type { ConversationId, MessageSnapshot, MessageSource, SourceAnchor, Stop } from '../model/index.js'
import { changed } from './changed.js'
import type { ChatStore } from './chatStore.js'
import { CLOSED_WINDOW } from './windowTypes.js'

/** What a source asks of whoever loads its pages. */
export interface SourceLoader {
  open(anchor: SourceAnchor): Promise<void>
  loadOlder(): Promise<void>
  loadNewer(): Promise<void>
  /** The first listener came, or the last one left. */
  retain(): Stop
}

/** One conversation's window in the store as a source for a message list. Loaded while somebody listens. */
export function createWindowSource(store: ChatStore, id: ConversationId, loader: SourceLoader): MessageSource {
  const getSnapshot = (): MessageSnapshot => store.getState().windows.get(id) ?? CLOSED_WINDOW
  return {
    getSnapshot,
    getServerSnapshot: () => CLOSED_WINDOW,
    subscribe(listener) {
      const release = loader.retain()
      const stop = store.subscribe(changed(getSnapshot, listener))
      return () => {
        stop()
        release()
      }
    },
    loadOlder: loader.loadOlder,
    loadNewer: loader.loadNewer,
    loadAround: loader.open,
  }
}
