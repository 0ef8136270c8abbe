/** What the engine does by itself: sends and reports, looks after what is stored, and takes over what was before. */
import { createReceiptPolicy, emptyMemberState, type Attachment, type ChatStorage, type OutboxReport, type StorageTx } from 'readback/core'
import { archiveReceipts } from '../../src/sync/archiving.js'
import { pullUnheard } from '../../src/sync/catchUp.js'
import { createChanges } from '../../src/sync/changes.js'
import type { SyncContext } from '../../src/sync/context.js'
import { enqueueSend } from '../../src/sync/enqueue.js'
import { expireHeld, HELD_FOR_MS } from '../../src/sync/expireHeld.js'
import { createReaderFetch } from '../../src/sync/fetchReaders.js'
import { closeGapBelow } from '../../src/sync/gapFilling.js'
import { recordGap } from '../../src/sync/gapRows.js'
import { allAreBack, takeOverChoices } from '../../src/sync/keptChoices.js'
import { beatLease, claimLease, releaseLease } from '../../src/sync/lease.js'
import { findLostTails } from '../../src/sync/lostTail.js'
import { createMarker } from '../../src/sync/marker.js'
import { mendUnread } from '../../src/sync/mendUnread.js'
import { restoreChoices } from '../../src/sync/receiptSettings.js'
import { runReport } from '../../src/sync/reporting.js'
import { createReportsUnderWay } from '../../src/sync/reportsUnderWay.js'
import { redoTorn, requeueTorn } from '../../src/sync/requeueing.js'
import { queueStopped } from '../../src/sync/ripeReports.js'
import { runAction } from '../../src/sync/sending.js'
import { runUpload } from '../../src/sync/uploading.js'
import { noteLaneWait, noteWait } from '../../src/sync/waitRows.js'
import { openPlain } from '../storage/faultyFactory.js'
import { acting, actionOf, BUSY, entryOf, giveUpReaction, inOrder, reactTo, readAll, REFUSED, refuseFirst, sendFirst, sendOf, signal, withTrouble, type Deed, type Deeds } from './deeds.js'
import { at, incoming, type StoredWorld } from './storedWorld.js'
import { tell } from './toldDeeds.js'

const write = (change: (tx: StorageTx) => Promise<unknown>): Deed => ({ storage }) => storage.write(change)

const uploading = ({ ctx }: StoredWorld, upload: () => Promise<Attachment>): SyncContext => ({ ...ctx, upload })
const attachFile: Deed = (world) => enqueueSend(uploading(world, async () => ({ url: 'https://files.example/1' })), 'c', { localId: 'file', body: { kind: 'file', file: {}, name: 'a', sizeBytes: 1 } as never, upload: new Blob(['a']) })

const report = (react: () => Promise<void>): Deed => async (world) => {
  const transport = { ...world.ctx.transport, report: react }
  return runReport({ ...world.ctx, transport }, await entryOf<OutboxReport>(world, ({ action }) => action === 'report'), createReportsUnderWay(transport), signal, new Map())
}

/** Choices that were kept beside rows that are no more. */
function withKept({ ctx }: StoredWorld, choices: object): SyncContext {
  return { ...ctx, ports: { ...ctx.ports, keepsakes: { get: () => JSON.stringify({ own: null, here: [], rest: null, ...choices }), set() {}, remove() {} } } }
}

const takeOver = (choices: object): Deed => (world) => world.storage.write((tx) => takeOverChoices(tx, withKept(world, choices)))

const pageOf = (ctx: SyncContext, orders: readonly number[], contiguousTo: number): SyncContext => ({ ...ctx, transport: { ...ctx.transport, history: async () => ({ messages: orders.map((order) => incoming(order)), contiguousTo: at(contiguousTo) }) } })

/** @returns whether what the wire answers could be stored */
function askReaders(ctx: SyncContext): Promise<boolean> {
  const transport = { ...ctx.transport, capabilities: { ...ctx.transport.capabilities, readerLists: 'names', receiptsCatchUp: 'fetch' }, readers: async () => ({ items: [{ userId: 'bo', kind: 'read', time: 1 }] }) }
  return new Promise((resolve) => {
    const failed = (cause: unknown) => {
      resolve(false)
      throw cause
    }
    const storage: ChatStorage = { ...ctx.storage, write: (...args) => ctx.storage.write(...args).catch(failed) }
    createReaderFetch({ ...ctx, storage, transport } as SyncContext, () => resolve(true)).ask({ ...incoming(2), ids: ['m2'] } as never)
  })
}

const tearOutbox: Deed = async ({ factory, storage }) => {
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

const hasRead = (...orders: readonly number[]) => [{ ...emptyMemberState('bo'), read: { upTo: null, ranges: orders.map((order) => ({ from: at(order), to: at(order) })) } }]
const lease = { epoch: 1, holder: 'tab' } as const
const claim = write((tx) => claimLease(tx, 'tab'))
const gap = { conversationId: 'c', after: at(4), before: at(100) } as const

const SENDING: Deeds = {
  'the wire took a message': sendFirst,
  'the wire refused a message': refuseFirst,
  'a message whose row is gone is not sent': [write((tx) => tx.messages.delete([{ conversationId: 'c', from: 'me', localId: 'first' }])), sendFirst],
  'an action was taken': [reactTo, async (world) => runAction(acting(world), await actionOf(world), (call) => call())],
  'an action was refused': [reactTo, async (world) => runAction(acting(world, () => Promise.reject(REFUSED)), await actionOf(world), (call) => call())],
  'a try of an action is counted': [reactTo, async (world) => runAction(acting(world, () => Promise.reject(BUSY)), await actionOf(world), (call) => call())],
  'an action is given up': [reactTo, giveUpReaction],
  'a file was uploaded': [attachFile, async (world) => runUpload(uploading(world, async () => ({ url: 'https://files.example/1' })), await sendOf(world, 'file'), signal)],
  'a try of an upload is counted': [attachFile, async (world) => {
    world.ctx.store.setState({ connection: { status: 'online' } })
    return runUpload(uploading(world, () => Promise.reject(new Error('No.'))), await sendOf(world, 'file'), signal)
  }],
  'a report was taken': [readAll, report(async () => {})],
  'what stopped a position for a time has passed': [inOrder(readAll, write(async (tx) => tx.outbox.delete((await tx.outbox.list({ lane: 'receipt' }))[0]!.seq))), ({ ctx }) => queueStopped(ctx, ['c'])],
  'a report was refused': [readAll, report(() => Promise.reject(REFUSED))],
  'a message has to wait': async (world) => noteWait(world.ctx, (await sendOf(world, 'first')).seq, 1_000, 1),
  'everything has to wait': ({ ctx }) => noteLaneWait(ctx, 'lane intents', 1_000),
  'messages that were torn are queued again': [tearOutbox, ({ ctx }) => requeueTorn(ctx)],
  'actions that were torn are queued again': [inOrder(reactTo, tearOutbox), ({ ctx }) => redoTorn(ctx)],
}

const LEADING: Deeds = {
  'a tab takes the lead': claim,
  'a tab that leads says that it is alive': [claim, write((tx) => beatLease(tx, lease))],
  'a tab gives the lead up': [claim, write((tx) => releaseLease(tx, lease))],
}

const ASKING: Deeds = {
  'messages arrive': ({ inbound }) => inbound.store([5, 6].map((order) => incoming(order))),
  'a page of history leaves less of a gap': [write((tx) => tx.gaps.replace('c', [gap])), ({ ctx, inbound }) => closeGapBelow(pageOf(ctx, [60, 61], 60), inbound, 'c', at(100), 50)],
  'history is told to be missing': ({ ctx, storage }) => storage.write((tx) => recordGap(tx, ctx, gap, createChanges())),
  'who read a message is told by the wire that was asked': (world) => withTrouble(world, askReaders),
  'who read before was asked': ({ ctx, inbound }) => pullUnheard(ctx, inbound, () => true),
  'all conversations are back': [takeOver({ own: 'private' }), ({ ctx }) => allAreBack(ctx)],
  'a message of mine is found to be lost by the server': [inOrder(sendFirst, tell({ type: 'reset', conversationId: 'c', epoch: 1 })), (world) => withTrouble(world, async (ctx) => !(await findLostTails(pageOf(ctx, [4], 4), () => {})))],
}

const UPKEEP: Deeds = {
  // It waits while the database is said to be full, as it is here since the last try.
  'old receipts are archived': [write((tx) => tx.readStates.put('c', hasRead(1, 3))), ({ ctx, storage }) => archiveReceipts({ ...ctx, storage: { ...storage, getState: () => ({ status: 'ready' }) }, policy: createReceiptPolicy({ archiveAfterMs: 1_000 }) })],
  'a number that is wrong is mended': [write(async (tx) => tx.conversations.put([{ ...(await tx.conversations.get('c'))!, unread: { count: 9, exact: true } }])), ({ ctx }) => mendUnread(ctx, 'c')],
  'what waited too long is let go': [({ ctx, storage }) => storage.write((tx) => tx.held.put(['one', 'another'].map((key) => ({ key, conversationId: 'c', heldAt: ctx.ports.clock.now() - HELD_FOR_MS - 1, event: {} })))), ({ ctx }) => expireHeld(ctx)],
  'these rows are marked': ({ ctx }) => createMarker(ctx).check(),
  'choices from before these rows are taken over': (world) => restoreChoices(withKept(world, { own: 'private', here: [['c', 'off']] })),
  'choices of a time in memory are taken over': [takeOver({}), (world) => restoreChoices(withKept(world, { here: [['elsewhere', 'private']], isNewer: true }))],
}

export const ENGINE_DEEDS: Deeds = { ...SENDING, ...LEADING, ...ASKING, ...UPKEEP }
