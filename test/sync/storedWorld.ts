/** What the kit does with a database of which every request can be watched: one conversation `c` of mine and bo's, four messages of his, and one of mine that waits. */
import { IDBKeyRange } from 'fake-indexeddb'
import type { ChatStorage, IncomingMessage } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import type { SyncContext } from '../../src/sync/context.js'
import { enqueueSend } from '../../src/sync/enqueue.js'
import { storeEnsured } from '../../src/sync/ensure.js'
import { createInbound, type Inbound } from '../../src/sync/inbound.js'
import { faultyFactory, type FaultyFactory } from '../storage/faultyFactory.js'
import { contextOf } from './contextOf.js'
import { scriptedTransport, type ScriptedTransport } from './scriptedTransport.js'

export const at = (order: number) => ({ epoch: 0, order, id: `m${order}` })

export const incoming = (order: number, conversationId = 'c'): IncomingMessage => ({ conversationId, id: `m${order}`, at: at(order), from: 'bo', localId: `l${order}`, time: order, body: { kind: 'text', text: `${order}` } })

export interface StoredWorld {
  readonly factory: FaultyFactory
  readonly storage: ChatStorage
  readonly transport: ScriptedTransport
  readonly ctx: SyncContext
  readonly inbound: Inbound
}

export async function storedWorld(): Promise<StoredWorld> {
  const factory = faultyFactory()
  // What is counted here takes as long as the machine takes.
  const storage = dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange, openTimeoutMs: 60_000, writeTimeoutMs: 60_000 })
  await storage.open('me')
  const transport = scriptedTransport()
  const ctx = contextOf('me', storage, { transport })
  await storeEnsured(ctx, { id: 'c', kind: 'group', members: ['me', 'bo'] })
  const inbound = createInbound(ctx, () => {}, () => {})
  await inbound.store([1, 2, 3, 4].map((order) => incoming(order)))
  await enqueueSend(ctx, 'c', { localId: 'first', body: { kind: 'text', text: 'first' } })
  return { factory, storage, transport, ctx, inbound }
}

/** Every call of these by a transaction that writes, on a table or one of its indexes. `onCall` is told after the call was made. */
export function watchRequests(factory: FaultyFactory, calls: readonly (keyof IDBObjectStore & string)[], onCall: (transaction: IDBTransaction, call: string, args: readonly unknown[]) => void): void {
  factory.onTransaction = (transaction) => {
    if (transaction.mode !== 'readwrite') return
    const watched = new Set<object>()
    const watch = <T extends IDBObjectStore | IDBIndex>(target: T): T => {
      if (watched.has(target)) return target
      watched.add(target)
      for (const call of calls) wrap(target, call, (args) => onCall(transaction, call, args))
      return target
    }
    const objectStore = transaction.objectStore.bind(transaction)
    transaction.objectStore = (name) => {
      const store = objectStore(name)
      if (watched.has(store)) return store
      const index = store.index.bind(store)
      store.index = (indexName) => watch(index(indexName))
      return watch(store)
    }
  }
}

function wrap(target: object, call: string, after: (args: readonly unknown[]) => void): void {
  const original = Reflect.get(target, call) as ((...args: unknown[]) => unknown) | undefined
  if (!original) return
  Object.defineProperty(target, call, {
    configurable: true,
    value: (...args: unknown[]) => {
      const request = original.apply(target, args)
      after(args)
      return request
    },
  })
}
