import { ChatError, createReceiptPolicy, emptyMemberState, TransportError, type ChatStorage, type Message, type OutboxAction, type OutboxEntry, type OutboxReport, type OutboxSend } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { describe, expect, it } from 'vitest'
import { enqueueAction } from '../../src/sync/actions.js'
import { applyReceipts } from '../../src/sync/applyReceipts.js'
import { archiveReceipts } from '../../src/sync/archiving.js'
import { createChanges } from '../../src/sync/changes.js'
import type { SyncContext } from '../../src/sync/context.js'
import { storeDraft } from '../../src/sync/drafts.js'
import { discardSend, enqueueSend, retrySend } from '../../src/sync/enqueue.js'
import { storeEnsured } from '../../src/sync/ensure.js'
import { MOST_ACTION_TRIES } from '../../src/sync/failedActions.js'
import { closeGapBelow } from '../../src/sync/gapFilling.js'
import { recordGap } from '../../src/sync/gapRows.js'
import { hideMessage } from '../../src/sync/hiding.js'
import { claimLease } from '../../src/sync/lease.js'
import { createInbound } from '../../src/sync/inbound.js'
import { mergeRemembered } from '../../src/sync/mergeRemembered.js'
import { pruneBatch } from '../../src/sync/pruning.js'
import { clearUnread, markRead } from '../../src/sync/reading.js'
import { setReceipts } from '../../src/sync/receiptSettings.js'
import { runReport } from '../../src/sync/reporting.js'
import { createReportsUnderWay } from '../../src/sync/reportsUnderWay.js'
import { redoTorn, requeueTorn } from '../../src/sync/requeueing.js'
import { runAction, runSend } from '../../src/sync/sending.js'
import { noteSignOut } from '../../src/sync/signOuts.js'
import { exportLines } from '../../src/sync/exporting.js'
import { importLines } from '../../src/sync/importing.js'
import { runUpload } from '../../src/sync/uploading.js'
import { noteLaneWait, noteWait } from '../../src/sync/waitRows.js'
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

type Deed = (world: StoredWorld) => Promise<unknown>

const signal = new AbortController().signal
const text = (words: string) => ({ kind: 'text', text: words }) as const
const REFUSED = new TransportError('transport/refused', 'No.', { stored: 'no', retry: 'no' })
const BUSY = new TransportError('transport/busy', 'Not now.', { stored: 'maybe', retry: 'yes' })

/** A wire that takes, or fails at, what is done to messages. */
function acting({ ctx }: StoredWorld, react: () => Promise<void> = async () => {}): SyncContext {
  return { ...ctx, transport: { ...ctx.transport, capabilities: { ...ctx.transport.capabilities, react: true }, react } }
}

const entryOf = async <Entry extends OutboxEntry>({ storage }: StoredWorld, is: (entry: OutboxEntry) => boolean): Promise<Entry> => (await storage.read((tx) => tx.outbox.list())).find(is) as Entry
const sendOf = (world: StoredWorld, localId: string) => entryOf<OutboxSend>(world, (entry) => entry.action === 'send' && entry.localId === localId)
const readAll: Deed = async ({ ctx, storage }) => markRead(ctx, await rowsOf(storage), 'read')
const reactTo: Deed = (world) => enqueueAction(acting(world), 'c', 'm2', { action: 'react', emoji: '+', on: true })

const refuseFirst: Deed = async (world) => {
  world.transport.answer = () => Promise.reject(REFUSED)
  return runSend(world.ctx, await sendOf(world, 'first'), signal)
}

/** Tried often enough before. */
const giveUpReaction: Deed = async (world) => {
  const entry = await entryOf<OutboxAction>(world, ({ action }) => action === 'react')
  return runAction(acting(world, () => Promise.reject(BUSY)), { ...entry, attempts: MOST_ACTION_TRIES - 1 }, (call) => call())
}

const inOrder = (...deeds: readonly Deed[]): Deed => async (world) => {
  for (const deed of deeds) await deed(world)
}

async function tearFirst({ factory, storage }: StoredWorld): Promise<void> {
  const database = await openPlain(factory, 'readback/me')
  const outbox = database.transaction(['outbox'], 'readwrite').objectStore('outbox')
  await new Promise<void>((resolve) => {
    outbox.getAll().onsuccess = (event) => {
      for (const row of (event.target as IDBRequest<object[]>).result) outbox.put({ ...row, attempts: 'torn' })
      outbox.transaction.oncomplete = () => resolve()
    }
  })
  database.close()
  // What is met so is put aside before the next write.
  await storage.read((tx) => tx.outbox.list())
  await storage.write((tx) => tx.meta.put('looked', true))
}

/** What another device has stored. */
async function exported(): Promise<readonly string[]> {
  const other = await storedWorld()
  await other.inbound.store([7, 8].map((order) => incoming(order)))
  const lines: string[] = []
  for await (const line of exportLines(other.ctx, 'c')) lines.push(line)
  await other.storage.close()
  return lines
}

/** What was there before, for those that need more than a conversation. */
const BEFORE: Readonly<Record<string, Deed>> = {
  'a file was uploaded': ({ ctx }) => enqueueSend({ ...ctx, upload: async () => ({ url: 'https://files.example/1' }) }, 'c', { localId: 'file', body: { kind: 'file', file: {}, name: 'a', sizeBytes: 1 } as never, upload: new Blob(['a']) }),
  'a failed message is tried again': refuseFirst,
  'a failed message is let go': refuseFirst,
  'an action is given up': reactTo,
  'an action that was given up is tried again': inOrder(reactTo, giveUpReaction),
  'an action that was given up is let go': inOrder(reactTo, giveUpReaction),
  'an action was taken': reactTo,
  'old messages are taken off': readAll,
  'a report was taken': readAll,
  'a page of history leaves less of a gap': ({ storage }) => storage.write((tx) => tx.gaps.replace('c', [{ conversationId: 'c', after: at(4), before: at(100) }])),
  'messages that were torn are queued again': tearFirst,
  'actions that were torn are queued again': inOrder(reactTo, tearFirst),
  'old receipts are archived': ({ storage }) => storage.write((tx) => tx.readStates.put('c', [{ ...emptyMemberState('bo'), read: { upTo: null, ranges: [1, 3].map((order) => ({ from: at(order), to: at(order) })) } }])),
}

/** What the user or the wire does, each one transaction. */
const DEEDS: Readonly<Record<string, Deed>> = {
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
  'a file was uploaded': async (world) => runUpload({ ...world.ctx, upload: async () => ({ url: 'https://files.example/1' }) }, await sendOf(world, 'file'), signal),
  'the wire refused a message': refuseFirst,
  'a failed message is tried again': ({ ctx }) => retrySend(ctx, 'c', 'first'),
  'a failed message is let go': ({ ctx }) => discardSend(ctx, 'c', 'first'),
  'an action was taken': async (world) => runAction(acting(world), await entryOf<OutboxAction>(world, ({ action }) => action === 'react'), (call) => call()),
  'an action is given up': giveUpReaction,
  'an action that was given up is tried again': (world) => retrySend(acting(world), 'c', 'l2'),
  'an action that was given up is let go': (world) => discardSend(acting(world), 'c', 'l2'),
  'old messages are taken off': ({ ctx }) => pruneBatch(ctx, 'c', Infinity),
  'a file is imported': async ({ ctx }) => importLines(ctx, await FILE, () => {}),
  'a report was taken': async (world) => runReport(world.ctx, await entryOf<OutboxReport>(world, ({ action }) => action === 'report'), createReportsUnderWay(world.ctx.transport), signal),
  'a page of history leaves less of a gap': ({ ctx, inbound }) => closeGapBelow({ ...ctx, transport: { ...ctx.transport, history: async () => ({ messages: [60, 61].map((order) => incoming(order)), contiguousTo: at(60) }) } }, inbound, 'c', at(100), 50),
  'history is told to be missing': ({ ctx, storage }) => storage.write((tx) => recordGap(tx, ctx, { conversationId: 'c', after: at(4), before: at(100) }, createChanges())),
  'messages that were torn are queued again': ({ ctx }) => requeueTorn(ctx),
  'actions that were torn are queued again': ({ ctx }) => redoTorn(ctx),
  // It waits while the database is said to be full, as it is here since the last try.
  'old receipts are archived': ({ ctx, storage }) => archiveReceipts({ ...ctx, storage: { ...storage, getState: () => ({ status: 'ready' }) }, policy: createReceiptPolicy({ archiveAfterMs: 1_000 }) }),
  'a conversation is made known': ({ ctx }) => storeEnsured(ctx, { id: 'new', kind: 'group', title: 'New', members: ['me', 'bo', 'cy'] }),
  'a draft is kept': ({ ctx }) => storeDraft(ctx, 'c', 'begun'),
  'the last message is hidden here': ({ ctx }) => hideMessage(ctx, 'c', 'm4'),
  'a message has to wait': async (world) => noteWait(world.ctx, (await sendOf(world, 'first')).seq, 1_000, 1),
  'everything has to wait': ({ ctx }) => noteLaneWait(ctx, 'lane intents', 1_000),
  'the account is signed out': ({ storage }) => noteSignOut(storage),
  'messages arrive': ({ inbound }) => inbound.store([5, 6].map((order) => incoming(order))),
}

const FILE = exported()

describe.each(Object.entries(DEEDS))('[A4] %s, and the database gives up at each of its requests', (name, deed) => {
  it('all of it is kept, or nothing', async () => {
    const world = await storedWorld()
    await FILE
    await BEFORE[name]?.(world)
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

describe('[A4] [I28] what was kept in memory is joined, transaction by transaction, and the database gives up at each of its requests', () => {
  /** A message of mine that waits, one of bo's, a draft, and what was read, in memory. */
  async function remembered({ ctx }: StoredWorld): Promise<ChatStorage> {
    const memory = memoryStorage()
    await memory.open('me')
    const here = { ...ctx, storage: memory }
    await storeEnsured(here, { id: 'c', kind: 'group', members: ['me', 'bo'] })
    await createInbound(here, () => {}, () => {}).store([3, 4, 5].map((order) => incoming(order)))
    await enqueueSend(here, 'c', { localId: 'later', body: text('later'), replyTo: 'm5' })
    await storeDraft(here, 'c', 'begun')
    return memory
  }

  it('joined again it is as if nothing had been in the way', async () => {
    const unbroken = await storedWorld()
    await mergeRemembered(unbroken.ctx, await remembered(unbroken))
    const whole = await dump(unbroken.factory)
    await unbroken.storage.close()
    let aborts = 0
    for (let index = 0; ; index++) {
      const world = await storedWorld()
      const memory = await remembered(world)
      const requests = abortAt(world.factory, index)
      const error: unknown = await mergeRemembered(world.ctx, memory).then(() => null, (reason: unknown) => reason)
      world.factory.onTransaction = null
      if (requests() > index) {
        expect(error).toMatchObject({ code: 'storage/full' })
        await mergeRemembered(world.ctx, memory)
        aborts++
      }
      expect(await dump(world.factory)).toBe(whole)
      await world.storage.close()
      if (requests() <= index) break
    }
    expect(aborts).toBeGreaterThan(10)
  }, 60_000)
})
