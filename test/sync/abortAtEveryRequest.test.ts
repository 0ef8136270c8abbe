import { ChatError, type ChatStorage, type Message } from 'readback/core'
import { describe, expect, it } from 'vitest'
import { enqueueAction } from '../../src/sync/actions.js'
import { applyReceipts } from '../../src/sync/applyReceipts.js'
import { discardSend, enqueueSend } from '../../src/sync/enqueue.js'
import { claimLease } from '../../src/sync/lease.js'
import { clearUnread, markRead } from '../../src/sync/reading.js'
import { setReceipts } from '../../src/sync/receiptSettings.js'
import { runSend } from '../../src/sync/sending.js'
import { abortFor, openPlain, type FaultyFactory } from '../storage/faultyFactory.js'
import { at, incoming, storedWorld, watchRequests, type StoredWorld } from './storedWorld.js'

const CALLS = ['get', 'getAll', 'getKey', 'getAllKeys', 'count', 'put', 'add', 'delete', 'clear', 'openCursor', 'openKeyCursor'] as const

/** Aborts a transaction as the browser does, when its request number `index` is made. Returns how many requests were made. */
function abortAt(factory: FaultyFactory, index: number): () => number {
  let made = 0
  watchRequests(factory, CALLS, (transaction) => {
    if (made++ === index) abortFor(transaction, 'QuotaExceededError')
  })
  return () => made
}

async function dump(factory: FaultyFactory): Promise<string> {
  const database = await openPlain(factory, 'readback/me')
  const tables = [...database.objectStoreNames]
  const transaction = database.transaction(tables, 'readonly')
  const rows = await Promise.all(tables.map((table) => new Promise<unknown>((resolve) => {
    const request = transaction.objectStore(table).getAll()
    request.onsuccess = () => resolve([table, request.result])
  })))
  database.close()
  return JSON.stringify(rows)
}

const rowsOf = (storage: ChatStorage) => storage.read((tx) => tx.messages.page({ conversationId: 'c', limit: 9 }))

/** What the user or the wire does, each one transaction. */
const DEEDS: Readonly<Record<string, (world: StoredWorld) => Promise<unknown>>> = {
  'a message is written': ({ ctx }) => enqueueSend(ctx, 'c', { localId: 'new', body: { kind: 'text', text: 'new' } }),
  'the wire took a message': async ({ ctx, storage }) => {
    const [entry] = await storage.read((tx) => tx.outbox.list({ lane: 'intent' }))
    return runSend(ctx, entry as never, new AbortController().signal)
  },
  'messages are read': async ({ ctx, storage }) => markRead(ctx, (await rowsOf(storage)).slice(1, 3) as Message[], 'read'),
  'a message is taken back': ({ ctx }) => discardSend(ctx, 'c', 'first'),
  'a message of mine is changed': ({ ctx }) => enqueueAction({ ...ctx, transport: { ...ctx.transport, capabilities: { ...ctx.transport.capabilities, react: true } } }, 'c', 'm2', { action: 'react', emoji: '+', on: true }),
  'everything is cleared': ({ ctx }) => clearUnread(ctx, 'c'),
  'receipts are switched off': ({ ctx }) => setReceipts(ctx, 'off', 'c'),
  'somebody read': ({ inbound, ctx: { transport } }) => inbound.store([], (tx, changes) => applyReceipts(tx, { me: 'me', transport, now: 0, onDropped() {}, isKnownMember: () => false }, 'c', [{ conversationId: 'c', by: 'bo', kind: 'read', visibility: 'published', upTo: at(3) }], changes)),
  'a tab takes the lead': ({ storage }) => storage.write((tx) => claimLease(tx, 'tab')),
  'messages arrive': ({ inbound }) => inbound.store([5, 6].map((order) => incoming(order))),
}

describe.each(Object.entries(DEEDS))('[A4] %s, and the database gives up at each of its requests', (_, deed) => {
  it('all of it is kept, or nothing', async () => {
    const world = await storedWorld()
    const before = await dump(world.factory)
    let aborts = 0
    for (let index = 0; ; index++) {
      const requests = abortAt(world.factory, index)
      const error: unknown = await deed(world).then(() => null, (reason: unknown) => reason)
      world.factory.onTransaction = null
      if (requests() <= index) {
        expect(error).toBeNull()
        break
      }
      expect(error).toBeInstanceOf(ChatError)
      expect((error as ChatError).code).toBe('storage/full')
      expect(await dump(world.factory)).toBe(before)
      aborts++
    }
    expect(aborts).toBeGreaterThan(1)
    expect(await dump(world.factory)).not.toBe(before)
    await world.storage.close()
  }, 60_000)
})
