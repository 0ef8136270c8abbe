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
    const next = { ...Object.fromEntries(SHOWN.map((name) => [name, state[name]])), conversations: sorted } as unknown as ClientState
    if (!shown || !sameItems(Object.values(shown), Object.values(next))) shown = next
    return shown
  }
}

const SHOWN = ['phase', 'connection', 'storage', 'hydrated', 'pendingCount', 'caughtUp', 'receipts', 'rosters'] as const satisfies readonly (keyof ClientState)[]

/** What a server renders: nothing is known yet. */
export const SERVER_STATE: ClientState = createClientStateView()(INITIAL_STATE)

function byActivity(a: Conversation, b: Conversation): number {
  return Number(b.pinned ?? 0) - Number(a.pinned ?? 0) || b.lastActivityAt - a.lastActivityAt || (a.id < b.id ? -1 : 1)
}
