/** What was kept in memory while the database would not open, joined to what is there: nothing of either is overwritten. */
import { createReceiptPolicy, type ChatStorage, type Conversation, type Member, type Message } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { createFakeClock } from 'readback/testing'
import { expect, it } from 'vitest'
import { createChatStore } from '../../src/store/chatStore.js'
import { heldEvent } from '../../src/sync/applyReceipts.js'
import type { SyncContext } from '../../src/sync/context.js'
import { enqueueSend } from '../../src/sync/enqueue.js'
import { storeEnsured } from '../../src/sync/ensure.js'
import { mergeRemembered } from '../../src/sync/mergeRemembered.js'
import { scriptedTransport } from './scriptedTransport.js'

const TEAM = { id: 'team', kind: 'group', members: ['ada', 'bo'] } as const
const point = (order: number) => ({ epoch: 0, order, id: `m${order}` })

function contextOf(storage: ChatStorage): SyncContext {
  return {
    me: 'ada', storage, databaseName: storage.name, transport: scriptedTransport(), store: createChatStore(), policy: createReceiptPolicy(),
    ports: {
      clock: createFakeClock(), random: { next: () => 0.5, id: () => 'r' }, locks: null, openChannel: () => null, keepsakes: null, estimateStorage: async () => null,
      visibility: { isVisible: () => true, hasFocus: () => true, subscribe: () => () => {} },
      connectivity: { isOnline: () => true, subscribe: () => () => {} },
    },
    getToken: async () => undefined, upload: null, onError() {}, onDropped() {},
  }
}

/** The database, and the rows of a time in memory beside it. */
async function both() {
  const [database, memory] = [memoryStorage(), memoryStorage()]
  const contexts = [contextOf(database), contextOf(memory)] as const
  for (const ctx of contexts) {
    await ctx.storage.open('ada')
    await storeEnsured(ctx, TEAM)
  }
  return { database, memory, there: contexts[0], here: contexts[1], join: () => mergeRemembered(contexts[0], memory) }
}

const setDraft = (storage: ChatStorage, draft: string) => storage.write(async (tx) => tx.conversations.put([{ ...(await tx.conversations.get(TEAM.id)) as Conversation, draft }]))
const draftOf = (storage: ChatStorage) => storage.read(async (tx) => (await tx.conversations.get(TEAM.id))?.draft)

it('[I28] a draft that was begun in memory stands below the one that was there, however often it is joined', async () => {
  const { database, memory, join } = await both()
  await setDraft(database, 'a long letter')
  await setDraft(memory, 'and a word')
  await join()
  await join()
  expect(await draftOf(database)).toBe('a long letter\nand a word')
})

it.each([['the same draft', 'a letter', 'a letter', 'a letter'], ['one that went on', 'a letter', 'a letter, longer', 'a letter, longer']])('[I28] %s is there once', async (_, before, meanwhile, joined) => {
  const { database, memory, join } = await both()
  await setDraft(database, before)
  await setDraft(memory, meanwhile)
  await join()
  expect(await draftOf(database)).toBe(joined)
})

it('[I28] [I8] a receipt that waits in both is joined, not replaced by the smaller one', async () => {
  const { database, memory, join } = await both()
  const waiting = (order: number) => heldEvent(TEAM.id, 0, 'upTo', { by: 'bo', kind: 'read', visibility: 'published', upTo: point(order) })
  await database.write((tx) => tx.held.put([waiting(9)]))
  await memory.write((tx) => tx.held.put([waiting(5)]))
  await join()
  expect((await database.read((tx) => tx.held.list(TEAM.id))).map(({ event }) => (event as { upTo: unknown }).upTo)).toEqual([point(9)])
})

const leave: Member = { userId: 'bo', role: 'admin', intervals: [{ joinedAt: point(1), leftAt: point(5) }] }
const list = (storage: ChatStorage) => storage.read(async (tx) => (await tx.members.list(TEAM.id)).find(({ userId }) => userId === 'bo'))

it('[I28] [I10] what the app alone said of the members in memory takes nothing from what the back end said before', async () => {
  const { database, join } = await both()
  await database.write((tx) => tx.members.put(TEAM.id, [leave]))
  await join()
  expect(await list(database)).toEqual(leave)
})

it('[I28] what the back end said of the members in memory is joined', async () => {
  const { database, memory, join } = await both()
  await memory.write((tx) => tx.members.put(TEAM.id, [leave]))
  await join()
  expect(await list(database)).toEqual(leave)
})

it('[I20] what another tab has sent meanwhile is not queued again by a joining that begins again', async () => {
  const { database, here, there, join } = await both()
  await storeEnsured(here, { ...TEAM, id: 'zeta' })
  await enqueueSend(here, TEAM.id, { localId: 'l1', body: { kind: 'text', text: 'hello' } })
  const write = database.write.bind(database)
  let writes = 0
  // The second conversation cannot be joined for a moment.
  const broken = { ...there, storage: { ...database, write: ((fn, how) => (how?.durability === 'strict' && ++writes === 2 ? Promise.reject(new Error('full')) : write(fn, how))) as ChatStorage['write'] } }
  await expect(mergeRemembered(broken, here.storage)).rejects.toThrow('full')
  const [entry] = await database.read((tx) => tx.outbox.list({ lane: 'intent' }))
  // Taken by a back end that does not say where it stands.
  await database.write(async (tx) => {
    await tx.outbox.delete(entry!.seq)
    const row = (await tx.messages.get({ conversationId: TEAM.id, from: 'ada', localId: 'l1' })) as Message
    const { outgoing: _, ...taken } = row
    await tx.messages.put([{ ...taken, ids: ['x'] }])
  })
  await join()
  expect(await database.read((tx) => tx.outbox.list({ lane: 'intent' }))).toEqual([])
  expect((await database.read((tx) => tx.messages.echoes(TEAM.id))).map(({ ids, outgoing }) => [ids, outgoing])).toEqual([[['x'], undefined]])
})
