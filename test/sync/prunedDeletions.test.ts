/** What was deleted, and of which room was made, is deleted still when history brings it again. */
import type { Message } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it, vi } from 'vitest'
import { storeEnsured } from '../../src/sync/ensure.js'
import { hideMessage } from '../../src/sync/hiding.js'
import { mergeRemembered } from '../../src/sync/mergeRemembered.js'
import { pruneBatch } from '../../src/sync/pruning.js'
import { contextOf } from './contextOf.js'
import { at, LATER, MINUTE, SPARSE, start, START, text, type Scene } from './oneReader.js'

const shown = ({ client }: Scene): readonly Message[] => client.messages('c').getSnapshot().messages.filter(({ hidden }) => !hidden)
const idsOf = (scene: Scene) => scene.storage.read(async (tx) => (await tx.messages.page({ conversationId: 'c', limit: 50 })).map(({ ids }) => ids[0]))
const ordersOf = (scene: Scene) => shown(scene).map((row) => row.at?.order)
const archived = ({ storage }: Scene, ...ids: readonly string[]) => storage.read((tx) => tx.archive.get('c', ids.map((id) => `deleted ${id}`)))

/** Of five messages the second was deleted for me, and the third for good. Then room was made of the first four. */
async function pruned(tombstone: object = { deletedAt: START + 100 }) {
  const history = async () => ({ messages: [text(1), text(2), text(3, tombstone), text(4)], contiguousTo: null })
  const scene = await start({ ...SPARSE, inOrder: true }, { history: history as never })
  await scene.bring(text(1), text(2), text(3), text(4), text(5), LATER)
  await scene.client.delete('c', 'm2', { for: 'me' })
  scene.wire.emit({ type: 'deleted', conversationId: 'c', id: 'm3', by: 'ada', time: START + 100, hard: true } as never)
  await vi.waitFor(() => expect(ordersOf(scene)).toEqual([1, 4, 5, 50]))
  await scene.read(1, 4, 5)
  expect(await scene.client.pruneHistory('c', { before: LATER.time - MINUTE })).toBe(4)
  expect(await idsOf(scene)).toEqual(['m5', 'm50'])
  return { ...scene, scrollUp: async () => {
    await scene.client.openAt('c', 'newest')
    for (let page = 0; page < 3; page++) await scene.client.messages('c').loadOlder!()
    await vi.waitFor(async () => expect(await idsOf(scene)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm50']))
  } }
}

it('[RS38] scrolling up brings back neither what was deleted for me nor what was deleted for good, once and again', async () => {
  const scene = await pruned()
  await scene.scrollUp()
  expect(ordersOf(scene)).toEqual([1, 4, 5, 50])
  expect([scene.unread(), await scene.client.getMessage('c', 'm3')]).toMatchObject([0, { hidden: true, body: { text: '' } }])
  // Its row says so by now.
  expect(await archived(scene, 'm2', 'm3')).toEqual([undefined, undefined])
  expect(await scene.client.pruneHistory('c', { before: LATER.time - MINUTE })).toBe(4)
  await scene.scrollUp()
  expect(ordersOf(scene)).toEqual([1, 4, 5, 50])
})

it('[RS38] [RS32] what a server still shows of what was deleted for good is not taken', async () => {
  const scene = await pruned({ body: { kind: 'text', text: 'a secret' } })
  await scene.scrollUp()
  expect(JSON.stringify(await scene.storage.read((tx) => tx.messages.page({ conversationId: 'c', limit: 9 })))).not.toContain('a secret')
})

it('[RS38] nor does a file, nor a message that the wire tells by itself', async () => {
  const scene = await pruned()
  scene.wire.emit({ type: 'message', message: text(2) as never })
  await vi.waitFor(async () => expect(await idsOf(scene)).toEqual(['m2', 'm5', 'm50']))
  const { id, ...rest } = text(3)
  const line = (value: unknown) => `${JSON.stringify(value)}\n`
  await scene.client.importConversation(line({ readback: 1, conversation: { id: 'c', kind: 'group' }, gaps: [] }) + line({ message: { ids: [id], ...rest } }))
  expect(await idsOf(scene)).toEqual(['m2', 'm3', 'm5', 'm50'])
  expect(await Promise.all(['m2', 'm3'].map(async (each) => (await scene.client.getMessage('c', each))?.hidden))).toEqual([true, true])
})

it('[RS38] nor does a server that was set up anew, and tells all of it in another epoch', async () => {
  const scene = await pruned()
  scene.wire.emit({ type: 'reset', conversationId: 'c', epoch: 1 })
  for (const order of [2, 3]) scene.wire.emit({ type: 'message', message: text(order, { at: at(order, 1) }) as never })
  await vi.waitFor(async () => expect(await idsOf(scene)).toEqual(['m5', 'm2', 'm3']))
  expect(await Promise.all(['m2', 'm3'].map(async (each) => (await scene.client.getMessage('c', each))?.hidden))).toEqual([true, true])
})

it('[RS38] [RS30] what stands twice stays deleted under each of its ids', async () => {
  const scene = await start({ ...SPARSE, inOrder: true })
  await scene.bring(text(1), text(2), text(3, { localId: 'l2' }), text(4), LATER)
  await scene.client.delete('c', 'm2', { for: 'me' })
  await scene.read(1, 4)
  expect(await scene.client.pruneHistory('c', { before: LATER.time - MINUTE })).toBe(2)
  scene.wire.emit({ type: 'message', message: text(3, { localId: undefined }) as never })
  scene.wire.emit({ type: 'message', message: text(2, { localId: undefined }) as never })
  await vi.waitFor(async () => expect(await idsOf(scene)).toEqual(['m2', 'm3', 'm4', 'm50']))
  expect(await Promise.all(['m2', 'm3'].map(async (each) => (await scene.client.getMessage('c', each))?.hidden))).toEqual([true, true])
})

const row = (order: number): Message => {
  const { id, ...rest } = text(order)
  return { ...rest, ids: [id], conversationId: 'c' } as Message
}

async function opened(storage = memoryStorage()) {
  const ctx = contextOf('me', storage)
  await storage.open('me')
  await storeEnsured(ctx, { id: 'c', kind: 'group', members: ['me', 'ada'] })
  return ctx
}
const put = ({ storage }: ReturnType<typeof contextOf>, ...orders: readonly number[]) => storage.write(async (tx) => {
  await tx.messages.put(orders.map(row))
  await tx.conversations.put([{ ...(await tx.conversations.get('c'))!, head: at(Math.max(...orders)) }])
})
const hiddenIn = ({ storage }: ReturnType<typeof contextOf>) => storage.read(async (tx) => (await tx.messages.page({ conversationId: 'c', limit: 9 })).map(({ at: place, hidden }) => [place!.order, hidden]))

it('[RS38] what was fetched again while the database could not be opened is deleted still once it can', async () => {
  const [database, memory] = [await opened(), await opened()]
  await put(database, 1, 2)
  for (const id of ['m1', 'm2']) await hideMessage(database, 'c', id)
  expect(await pruneBatch(database, 'c', Infinity)).toMatchObject({ pruned: 0 })
  await put(database, 3)
  await hideMessage(database, 'c', 'm3')
  expect(await pruneBatch(database, 'c', LATER.time)).toMatchObject({ pruned: 1 })
  await put(memory, 1, 2, 3)
  await mergeRemembered(database, memory.storage)
  expect(await hiddenIn(database)).toEqual([[1, true], [2, true], [3, true]])
})

it('[RS38] a memory that ends when the database can be opened keeps what was deleted: what is known of it would not come along', async () => {
  const storage = memoryStorage()
  const ctx = await opened({ ...storage, getState: () => ({ status: 'memory', reason: 'failed' }) })
  await put(ctx, 1, 2, 3, 4)
  await hideMessage(ctx, 'c', 'm1')
  await hideMessage(ctx, 'c', 'm2')
  await hideMessage(ctx, 'c', 'm3')
  expect(await pruneBatch(ctx, 'c', LATER.time)).toMatchObject({ pruned: 0 })
})

it('[RS25] nor are those taken back who were only counted', async () => {
  const mine = text(2, { from: 'me' })
  const scene = await start({ ...SPARSE, inOrder: true }, { history: (async () => ({ messages: [text(1), mine, text(3), text(4)], contiguousTo: null })) as never })
  await scene.bring(text(1), mine, text(3), text(4), text(5), LATER)
  scene.wire.emit({ type: 'receipt', conversationId: 'c', by: 'bo', kind: 'read', visibility: 'published', count: { id: 'm2', n: 2 } })
  const counted = async () => (await scene.client.getMessage('c', 'm2'))?.readCount
  await vi.waitFor(async () => expect(await counted()).toBe(2))
  await scene.read(1, 3, 4, 5)
  expect([await scene.client.pruneHistory('c', { before: LATER.time - MINUTE }), await counted()]).toEqual([4, undefined])
  scene.wire.emit({ type: 'message', message: mine as never })
  await vi.waitFor(async () => expect(await counted()).toBe(2))
  expect(await scene.storage.read((tx) => tx.archive.get('c', ['counted m2']))).toEqual([undefined])
})

it('[RS25] nor by a memory that ends when the database can be opened', async () => {
  const storage = memoryStorage()
  const ctx = await opened({ ...storage, getState: () => ({ status: 'memory', reason: 'failed' }) })
  await put(ctx, 1, 2, 3, 4)
  await storage.write(async (tx) => tx.messages.put([{ ...row(1), from: 'me', readCount: 2 }, { ...row(2), from: 'me' }, { ...row(3), from: 'me' }]))
  expect(await pruneBatch(ctx, 'c', LATER.time)).toMatchObject({ pruned: 0 })
})
