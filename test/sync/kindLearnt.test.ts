import { createChatClient, createReceiptPolicy, type ReceiptPolicy } from 'readback/core'
import { memoryStorage } from 'readback/storage/memory'
import { expect, it, onTestFinished, vi } from 'vitest'
import { at, text } from './oneReader.js'
import { coversPoint } from '../../src/receipts/index.js'
import { applyConversation } from '../../src/sync/applyConversations.js'
import type { SyncContext } from '../../src/sync/context.js'
import { storeEnsured } from '../../src/sync/ensure.js'
import { mergeRemembered } from '../../src/sync/mergeRemembered.js'
import { applyMessages } from '../../src/sync/applyMessages.js'
import { createChanges } from '../../src/sync/changes.js'
import { markRead } from '../../src/sync/reading.js'
import { contextOf } from './contextOf.js'
import { scriptedTransport } from './scriptedTransport.js'

it('[RS16] what was read before it was known that the conversation is a direct one is told by its rules, once', async () => {
  const wire = scriptedTransport({ read: { direct: 'ranges', group: 'none' }, delivered: { direct: 'none', group: 'none' }, ownDeviceReports: false })
  const client = createChatClient({ userId: 'me', transport: wire, storage: memoryStorage(), policy: { flushMs: 1, maxFlushMs: 2 }, ports: { locks: null, openChannel: () => null } })
  onTestFinished(() => client.dispose())
  await client.start()
  await vi.waitFor(() => expect(client.getState().connection.status).toBe('online'))
  wire.emit({ type: 'message', message: text(1) })
  await vi.waitFor(async () => expect(await client.getMessage('c', 'm1')).not.toBeNull())
  await client.markRead([(await client.getMessage('c', 'm1'))!])
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(wire.reports).toEqual([])
  const tell = () => wire.emit({ type: 'conversation', conversation: { id: 'c', kind: 'direct', members: [], rosterComplete: true } })
  tell()
  await vi.waitFor(() => expect(wire.reports.map(({ kind, conversation, ranges }) => [kind, conversation.kind, ranges])).toEqual([['read', 'direct', [{ from: at(1), to: at(1) }]]]))
  tell()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(wire.reports).toHaveLength(1)
})

/** Two messages came before their conversation, whose kind would say what reading the second one reads. */
async function beforeKind(readMode: ReceiptPolicy['readMode'] = { direct: 'perMessage', group: 'upTo' }) {
  const ctx = { ...contextOf('me', memoryStorage()), policy: createReceiptPolicy({ readMode }) }
  await ctx.storage.open('me')
  await ctx.storage.write((tx) => applyMessages(tx, ctx, [text(1), text(2)], createChanges()))
  return ctx
}
const told = (ctx: SyncContext, kind: 'direct' | 'group') => ctx.storage.write((tx) => applyConversation(tx, ctx, { id: 'c', kind }, createChanges()))
const isRead = async (ctx: SyncContext, order: number) => {
  const own = await ctx.storage.read((tx) => tx.readStates.getOwn('c'))
  return own !== undefined && coversPoint(own.synced.read, at(order))
}
async function readSecond(ctx: SyncContext): Promise<boolean> {
  await markRead(ctx, [(await ctx.storage.read((tx) => tx.messages.byId('c', 'm2')))!], 'read')
  expect(await isRead(ctx, 2)).toBe(true)
  return isRead(ctx, 1)
}

it('[RS14] while it is a guess that a conversation is a group, a message reads only itself', async () => {
  expect(await readSecond(await beforeKind())).toBe(false)
})

it.each([['group', true], ['direct', false]] as const)('[RS14] once the wire has told that it is a %s one, its own mode holds', async (kind, all) => {
  const ctx = await beforeKind()
  await told(ctx, kind)
  expect(await readSecond(ctx)).toBe(all)
})

it('[RS14] where both kinds read up to a message, nothing has to be known', async () => {
  expect(await readSecond(await beforeKind({ direct: 'upTo', group: 'upTo' }))).toBe(true)
})

it('[RS14] the app may tell, too: a guess does not stand against it', async () => {
  const ctx = await beforeKind({ direct: 'upTo', group: 'perMessage' })
  await storeEnsured(ctx, { id: 'c', kind: 'direct', members: ['me', 'ada'] })
  expect((await ctx.storage.read((tx) => tx.conversations.get('c')))?.kind).toBe('direct')
  expect(await readSecond(ctx)).toBe(true)
})

it('[RS14] what was a guess in memory is one in the database', async () => {
  const memory = await beforeKind()
  const database = { ...memory, storage: memoryStorage() }
  await database.storage.open('me')
  await mergeRemembered(database, memory.storage)
  expect(await readSecond(database)).toBe(false)
})
