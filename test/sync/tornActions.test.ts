/** Edits, recalls and reactions whose row in the outbox was torn while it waited. */
import { IDBKeyRange } from 'fake-indexeddb'
import { createChatClient, type ChatClient, type Message } from 'readback/core'
import { dexieStorage } from 'readback/storage/dexie'
import { memoryStorage } from 'readback/storage/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { faultyFactory, openPlain } from '../storage/faultyFactory.js'
import { storeEnsured } from '../../src/sync/ensure.js'
import { redoTorn, requeueTorn } from '../../src/sync/requeueing.js'
import { contextOf } from './contextOf.js'
import { scriptedTransport } from './scriptedTransport.js'

const PAIR = { id: 'pair', kind: 'direct', members: ['ada', 'bo'] } as const
const running: ChatClient[] = []
afterEach(async () => {
  await Promise.allSettled(running.splice(0).map((client) => client.dispose()))
})

type Torn = Record<string, unknown>

/** What is done offline, what becomes of its rows and of the message, and a new start with a line. */
async function through(act: (client: ChatClient) => Promise<void>, tear: (row: Torn) => Torn, become = (message: Torn) => message) {
  const factory = faultyFactory()
  const done: string[] = []
  const start = async (isOnline: boolean) => {
    const wire = { ...scriptedTransport(), edit: async (_c: string, _id: string, body: unknown) => void done.push(`edit ${(body as { text: string }).text}`), recall: async () => void done.push('recall'), react: async (_c: string, _id: string, emoji: string, on: boolean) => void done.push(`react ${emoji} ${on}`) }
    if (!isOnline) wire.connect = async () => {}
    const client = createChatClient({ userId: 'ada', transport: wire, storage: dexieStorage({ indexedDB: factory.indexedDB, IDBKeyRange }), ports: { locks: null, openChannel: () => null, keepsakes: null } })
    running.push(client)
    const errors: string[] = []
    client.on('error', ({ code }) => errors.push(code))
    await client.ensureConversation(PAIR)
    await client.start()
    const source = client.messages(PAIR.id)
    source.subscribe(() => {})
    return { client, wire, errors, rows: (): readonly Message[] => source.getSnapshot().messages }
  }
  const first = await start(false)
  await vi.waitFor(async () => expect((await first.client.diagnostics()).leader).toBe(true))
  first.wire.emit({ type: 'message', message: { conversationId: PAIR.id, id: 'm1', at: { epoch: 0, order: 1, id: 'm1' }, from: 'ada', localId: 'l1', time: 1, body: { kind: 'text', text: 'first' } } })
  await vi.waitFor(() => expect(first.rows()).toHaveLength(1))
  await act(first.client)
  await first.client.stop()
  const database = await openPlain(factory, 'readback/ada')
  const rewrite = (name: string, change: (row: Torn) => Torn) => new Promise<void>((resolve) => {
    const table = database.transaction([name], 'readwrite').objectStore(name)
    table.getAll().onsuccess = (event) => (event.target as IDBRequest<Torn[]>).result.forEach((row) => table.put(change(row)))
    table.transaction.oncomplete = () => resolve()
  })
  await rewrite('outbox', (row) => (row['lane'] === 'intent' ? tear(row) : row))
  await rewrite('messages', become)
  database.close()
  const second = await start(true)
  await vi.waitFor(() => expect(second.client.getState().caughtUp).toBe(true), 8_000)
  await vi.waitFor(async () => expect((await second.client.diagnostics()).outbox.filter(({ lane }) => lane === 'intent')).toEqual([]), 8_000)
  await new Promise((resolve) => setTimeout(resolve, 200))
  return { ...second, done }
}

it('[I19] [I33] an action of which only its count of tries was torn is done all the same, once', async () => {
  const { done, errors } = await through((client) => client.react(PAIR.id, 'm1', '+', true), (row) => ({ ...row, attempts: 'torn' }))
  expect([done, errors]).toEqual([['react + true'], []])
})

it('[I33] of two edits the later counts, though the row of the first is put aside', async () => {
  let torn = 0
  const { done } = await through(async (client) => {
    await client.edit(PAIR.id, 'm1', { kind: 'text', text: 'second' })
    await client.edit(PAIR.id, 'm1', { kind: 'text', text: 'third' })
  }, (row) => (torn++ === 0 ? { ...row, notBefore: null } : row))
  expect(done).toEqual(['edit third'])
})

it('[I27] [I33] a recall that does not say any more what it was is told, and the message is shown as others have it', async () => {
  const { done, errors, rows } = await through((client) => client.recall(PAIR.id, 'm1'), (row) => ({ ...row, payload: 'torn' }))
  expect([done, errors]).toEqual([[], ['outbox/torn']])
  await vi.waitFor(() => expect(rows().map(({ recalledAt }) => recalledAt)).toEqual([undefined]))
})

it('[RS32] [I33] what was to be done to a message that was deleted for good meanwhile is let go, and nobody is told of it', async () => {
  const gone = { hidden: true, recalledAt: 9, deletedAt: 9, body: { kind: 'text', text: '' } }
  for (const torn of [{ attempts: 'torn' }, { payload: 'torn' }]) {
    const { done, errors, client } = await through((first) => first.react(PAIR.id, 'm1', '+', true), (row) => ({ ...row, ...torn }), (message) => ({ ...message, ...gone, reactions: undefined }))
    expect([done, errors, (await client.getMessage(PAIR.id, 'm1'))?.reactions]).toEqual([[], [], undefined])
  }
})

/** Rows of the outbox were put aside, and for some of them it was looked already. */
async function putAside(key: string, count: unknown) {
  const storage = memoryStorage()
  await storage.open('ada')
  const ctx = contextOf('ada', storage)
  await storeEnsured(ctx, PAIR)
  const edit = (text: string) => ({ table: 'outbox', reason: 'attempts is missing', at: 1, row: { lane: 'intent', action: 'edit', conversationId: 'pair', messageId: 'm1', payload: { done: { action: 'edit', body: { kind: 'text', text } }, undo: {} }, notBefore: 0, seq: 1 } })
  const message = { conversationId: 'pair', from: 'ada', time: 1, body: { kind: 'text', text: 'third' } as const }
  await storage.write(async (tx) => {
    await tx.messages.put([{ ...message, localId: 'l1', ids: ['m1'], at: { epoch: 0, order: 1, id: 'm1' } }, { ...message, localId: 'l2', ids: [], at: null, outgoing: 'sending', echoOrder: 2 }])
    await tx.quarantine.add([edit('second')])
    await tx.meta.put(key, count)
  })
  const waiting = async () => (await storage.read((tx) => tx.outbox.list())).map((entry) => (entry.action === 'edit' ? (entry.payload as { readonly done: { readonly body: { readonly text: string } } }).done.body.text : entry.action))
  return { ctx, waiting, tear: () => storage.write((tx) => tx.quarantine.add([edit('fourth')])) }
}

it.each(['torn', null, Number.NaN, 7, -1.5, true, {}, [null]])('[I33] an edit that was done again long ago does not undo a later one where nobody knows any more that it was: %s', async (count) => {
  const { ctx, waiting, tear } = await putAside('redone', count)
  await redoTorn(ctx)
  expect(await waiting()).toEqual([])
  // What is torn from now on is.
  await tear()
  await redoTorn(ctx)
  expect(await waiting()).toEqual(['fourth'])
})

it.each(['torn', null, Number.NaN, 7, -1.5, true, {}, [null]])('[I19] [I33] a message whose row is torn is sent where nobody knows any more for how many it was looked: %s', async (count) => {
  const { ctx, waiting } = await putAside('requeued', count)
  await requeueTorn(ctx)
  expect(await waiting()).toEqual(['send'])
})
