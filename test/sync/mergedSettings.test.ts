/** A time in memory in which nobody knew whom the user tells what they read: what is kept beside the database was lost too, or another tab has chosen since. */
import { createChatClient, type ChatClient, type Keepsakes } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { afterEach, expect, it, vi } from 'vitest'
import { coversPoint } from '../../src/receipts/coversPoint.js'
import type { SyncContext } from '../../src/sync/context.js'
import { storeEnsured } from '../../src/sync/ensure.js'
import { mergeRemembered } from '../../src/sync/mergeRemembered.js'
import { receiptVisibility, userVisibility } from '../../src/sync/queueReport.js'
import { markRead } from '../../src/sync/reading.js'
import { restoreChoices, setReceipts } from '../../src/sync/receiptSettings.js'
import { contextOf } from './contextOf.js'
import { at, SPARSE, text } from './oneReader.js'
import { scriptedTransport } from './scriptedTransport.js'

const running: ChatClient[] = []
afterEach(() => Promise.all(running.splice(0).map((client) => client.dispose())))

/** Both know of one message; the database knows that receipts are off, and memory does not. */
async function two(id?: string) {
  const transport = scriptedTransport({ ...SPARSE, inOrder: true, receiptContent: true })
  const there = { ...contextOf('me', memoryStorage()), transport }
  const here = { ...contextOf('me', memoryStorage()), transport }
  for (const ctx of [there, here]) {
    await ctx.storage.open('me')
    await storeEnsured(ctx, { id: 'c', kind: 'group', members: ['me', 'ada'] })
    const { id: ofWire, ...row } = text(1)
    await ctx.storage.write(async (tx) => {
      await tx.messages.put([{ ...row, ids: [ofWire] }])
      await tx.conversations.put([{ ...(await tx.conversations.get('c'))!, head: row.at }])
    })
  }
  await setReceipts(there, 'off', id)
  const rows = await here.storage.read((tx) => tx.messages.page({ conversationId: 'c', limit: 1 }))
  const published = () => transport.reports.filter(({ visibility }) => visibility === 'published')
  const open = async () => {
    const client = createChatClient({ userId: 'me', transport, storage: there.storage, policy: { flushMs: 1, maxFlushMs: 2 }, ports: { locks: null, openChannel: () => null } })
    running.push(client)
    await client.start()
    return client
  }
  return { transport, there, here, rows, published, open }
}

it.each([['everywhere', undefined], ['in this conversation', 'c']])('[RS15] [I28] what was read in memory and waits to be told is told to nobody but my own devices where the database knows that receipts are off %s, nor when they are on again', async (_where, id) => {
  const { transport, there, here, rows, published, open } = await two(id)
  await markRead(here, rows, 'read')
  await mergeRemembered(there, here.storage)
  const client = await open()
  const reads = () => transport.reports.filter(({ kind }) => kind === 'read').map(({ visibility }) => visibility)
  await vi.waitFor(() => expect(reads()).toEqual(['ownDevices']))
  await client.setReceipts('public', id)
  transport.emit({ type: 'message', message: text(2) as never })
  await vi.waitFor(async () => expect(await client.getMessage('c', 'm2')).toBeDefined())
  await client.markRead([(await client.getMessage('c', 'm2'))!])
  await vi.waitFor(() => expect(reads()).toEqual(['ownDevices', 'published']))
  expect(published().flatMap(({ ranges }) => ranges).filter(({ from }) => from.order <= 1)).toEqual([])
})

it('[RS34] [RS15] [I28] what was said there, and waits, is not said when they are on again', async () => {
  const { there, here, rows, published, open } = await two()
  await markRead(here, rows, 'read', 'yes')
  await mergeRemembered(there, here.storage)
  await setReceipts(there, 'public')
  await open()
  await vi.waitFor(async () => expect(await there.storage.read((tx) => tx.outbox.count('receipt'))).toBe(0))
  expect(published()).toEqual([])
})

it('[RS15] [I28] what was read in private before receipts were switched on again is not told by a prefix that was read in memory, where nobody knew of it', async () => {
  const { there, here, rows } = await two()
  await markRead(there, rows, 'read')
  await setReceipts(there, 'public')
  const { id, ...row } = text(2)
  await here.storage.write((tx) => tx.messages.put([{ ...row, ids: [id] }]))
  await markRead({ ...here, policy: { ...here.policy, readMode: { direct: 'upTo', group: 'upTo' } } }, [{ ...row, ids: [id] }], 'read')
  await mergeRemembered(there, here.storage)
  const { wanted } = (await there.storage.read((tx) => tx.readStates.getOwn('c')))!
  expect([1, 2].map((order) => coversPoint(wanted.read, at(order)))).toEqual([false, true])
})

/** Two tabs of one browser: one with the database, and later one in memory. */
async function twoTabs() {
  const map = new Map<string, string>()
  const keepsakes: Keepsakes = { get: (name) => map.get(name) ?? null, set: (name, value) => void map.set(name, value), remove: (name) => void map.delete(name) }
  const open = async (isMemory: boolean) => {
    const storage = memoryStorage({ reason: 'failed' })
    await storage.open('me')
    if (!isMemory) Object.assign(storage, { getState: () => ({ status: 'ready' }) })
    const bare = contextOf('me', storage)
    const ctx = { ...bare, databaseName: 'db', ports: { ...bare.ports, keepsakes } }
    await storeEnsured(ctx, { id: 'c', kind: 'group', members: ['me', 'ada'] })
    await restoreChoices(ctx)
    return ctx
  }
  const setting = (ctx: SyncContext) => ctx.storage.read(async (tx) => receiptVisibility(tx, ctx, (await tx.conversations.get('c'))!))
  return { there: await open(false), inMemory: () => open(true), setting }
}

it('[RS15] [I34] what was chosen in memory is not forgotten because a tab with the database chooses for one conversation', async () => {
  const { there, inMemory } = await twoTabs()
  await setReceipts(await inMemory(), 'off')
  await setReceipts(there, 'private', 'c')
  expect(await there.storage.read((tx) => userVisibility(tx, there))).toBe('off')
})

it.each([['goes on', true], ['is gone before the database is back', false]])('[RS15] [I34] a conversation that was to follow the user again, in memory, by which nobody is told anything, follows them in the database: the page %s', async (_what, isJoined) => {
  const { there, inMemory, setting } = await twoTabs()
  await setReceipts(there, 'off')
  await setReceipts(there, 'public', 'c')
  const here = await inMemory()
  expect(await setting(here)).toBe('public')
  await setReceipts(here, null, 'c')
  if (isJoined) await mergeRemembered(there, here.storage)
  await restoreChoices(there)
  expect(await setting(there)).toBe('off')
})

it('[I34] one that tells less than the user does not follow them only because nothing is kept of it', async () => {
  const { there, inMemory, setting } = await twoTabs()
  await setReceipts(await inMemory(), 'private')
  await there.storage.write(async (tx) => tx.conversations.put([{ ...(await tx.conversations.get('c'))!, receipts: 'off' }]))
  await restoreChoices(there)
  expect(await setting(there)).toBe('off')
})

it('[RS15] [I34] receipts that were switched on in memory, where nobody knew how far a conversation had come, are told of what comes after that', async () => {
  const { there, inMemory } = await twoTabs()
  await there.storage.write(async (tx) => tx.conversations.put([{ ...(await tx.conversations.get('c'))!, head: at(5) }]))
  await setReceipts(there, 'off')
  const here = await inMemory()
  await setReceipts(here, 'public')
  await mergeRemembered(there, here.storage)
  expect((await there.storage.read((tx) => tx.readStates.getOwn('c')))!.publishFloor).toEqual(at(5))
})
