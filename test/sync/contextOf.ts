/** What the sync layer works with, on a storage of the test's own: alone on its device, with a clock that stands still. */
import { createReceiptPolicy, type ChatStorage, type UserId } from 'readback/core'
import { createFakeClock } from 'readback/testing'
import { createChatStore } from '../../src/store/chatStore.js'
import type { SyncContext } from '../../src/sync/context.js'
import { scriptedTransport, type ScriptedTransport } from './scriptedTransport.js'

/** @param id - of everything that is given a random one */
export function contextOf(me: UserId, storage: ChatStorage, { transport = scriptedTransport(), id = 'r' }: { readonly transport?: ScriptedTransport; readonly id?: string } = {}): SyncContext {
  return {
    me, storage, databaseName: storage.name, transport, store: createChatStore(), policy: createReceiptPolicy(),
    ports: {
      clock: createFakeClock(), random: { next: () => 0.5, id: () => id }, locks: null, openChannel: () => null, keepsakes: null, estimateStorage: async () => null,
      visibility: { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} },
      connectivity: { isOnline: () => true, subscribe: () => () => {} },
    },
    getToken: async () => undefined, upload: null, onError() {}, onDropped() {},
  }
}
