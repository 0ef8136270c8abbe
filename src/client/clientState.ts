import type { Conversation } from '../model/index.js'
import { sameItems } from '../model/sameItems.js'
import { INITIAL_STATE, type ChatStoreState } from '../store/chatStore.js'
import type { ClientState } from './chatClient.js'

/** Derives the client's state from the store; the same object while nothing in it changed. */
export function createClientStateView(): (state: ChatStoreState) => ClientState {
  let from: ChatStoreState['conversations'] | null = null
  let sorted: readonly Conversation[] = []
  let shown: ClientState | null = null
  return (state) => {
    if (state.conversations !== from) {
      from = state.conversations
      sorted = [...from.values()].sort(byActivity)
    }
    const { phase, connection, storage, hydrated, pendingCount, caughtUp, receipts, rosters } = state
    const next = { phase, connection, storage, hydrated, pendingCount, caughtUp, receipts, rosters, conversations: sorted }
    if (!shown || !sameItems(Object.values(shown), Object.values(next))) shown = next
    return shown
  }
}

/** What a server renders: nothing is known yet. */
export const SERVER_STATE: ClientState = createClientStateView()(INITIAL_STATE)

function byActivity(a: Conversation, b: Conversation): number {
  if ((a.pinned ?? false) !== (b.pinned ?? false)) return a.pinned ? -1 : 1
  return b.lastActivityAt - a.lastActivityAt || (a.id < b.id ? -1 : 1)
}
